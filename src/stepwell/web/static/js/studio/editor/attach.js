// Pictures and files that are pasted or dropped become attachments of the course.
export function files(transfer) {
  return [...(transfer?.files ?? [])];
}

export async function attach(form, file) {
  if (file.size > form.dataset.most * 1024 * 1024) return { error: form.dataset.large };
  const body = new FormData();
  body.append("file", file, file.name || "picture.png");
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  try {
    const response = await fetch(form.dataset.attachments, { method: "POST", body, headers: { Accept: "application/json" } });
    const data = await response.json();
    return response.ok ? data : { error: data.error ?? form.dataset.unsent };
  } catch {
    return { error: form.dataset.unsent };
  }
}
