// Posts JSON, and tells an answer from none. A request without an answer may have been carried out.
const PATIENCE = 60_000;

// Signing in again, in another tab, brings another token, which this page doesn't know yet.
async function hasNewToken() {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("[data-editor] [name=csrfmiddlewaretoken]")?.value;
  for (const input of token ? document.getElementsByName("csrfmiddlewaretoken") : []) input.value = token;
  return Boolean(token);
}

export async function post(address, sent, isAgain = false) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE);
  try {
    const response = await fetch(address, {
      method: "POST",
      body: JSON.stringify(sent),
      headers: { "Content-Type": "application/json", "X-CSRFToken": document.querySelector("[data-editor] [name=csrfmiddlewaretoken]").value },
      signal: abort.signal,
    });
    if (response.status >= 500) return { ok: false, isLost: true, isBroken: true, data: {} };
    // A page instead of JSON is that of signing in.
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    if (!isJson && !isAgain && (await hasNewToken())) return await post(address, sent, true);
    return { ok: response.ok && isJson, status: response.status, data: isJson ? await response.json() : {} };
  } catch {
    return { ok: false, isLost: true, data: {} };
  } finally {
    clearTimeout(timer);
  }
}
