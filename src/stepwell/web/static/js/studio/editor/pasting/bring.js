// Files that a paste shows and this course doesn't have become its own: pictures that come within
// the HTML, and files of another course of this site.
import { pm } from "../../../../django_prose_editor/editor.js";

const { Slice } = pm.model;
const OWN = /^assets\/([^?#]+)/;

export const isForeign = (html) => /data-attrs="[^"]*&quot;src&quot;:&quot;&quot;/.test(html) && html.includes('data-node="image"');

// Our Content-Security-Policy lets no `data:` address be fetched, so that it is decoded here.
function decoded(address) {
  const [, type, isBase64, data] = /^data:([^;,]*)[^,]*?(;base64)?,([^]*)$/i.exec(address);
  const text = isBase64 ? atob(data.trim()) : decodeURIComponent(data);
  return new Blob([isBase64 ? Uint8Array.from(text, (letter) => letter.charCodeAt(0)) : text], { type });
}

async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(response.statusText);
  return response.blob();
}

async function fileAt(address, name) {
  const blob = address.startsWith("data:") ? decoded(address) : await fetched(address);
  const ending = blob.type.split("/")[1]?.replace("svg+xml", "svg").replace("jpeg", "jpg");
  return new File([blob], name || `picture.${ending}`, { type: blob.type });
}

// Returns what the course stores of a file elsewhere, or null.
async function taken(address, name, attach) {
  try {
    const stored = await attach(await fileAt(address, name));
    return stored.error ? null : stored;
  } catch {
    return null;
  }
}

async function html(written, attach) {
  const page = new DOMParser().parseFromString(written, "text/html");
  const left = [];
  for (const image of page.querySelectorAll('[data-node="image"]')) {
    const attrs = JSON.parse(image.dataset.attrs);
    if (attrs.src) continue;
    const name = attrs.address.startsWith("data:") ? "" : decodeURIComponent(attrs.address.split("/").at(-1));
    const stored = await taken(attrs.address, name, attach);
    if (!stored) {
      left.push({ kind: "pictures", name: attrs.alt || name });
      image.remove();
      continue;
    }
    const { target: src, address, width, height } = stored;
    image.dataset.attrs = JSON.stringify({ ...attrs, src, address, width, height });
  }
  return { html: page.body.innerHTML, left };
}

// Files of the other course, whose address is `from`, are copied once each.
async function slice(written, from, attach) {
  const json = written.toJSON();
  const found = new Map();
  const left = [];
  const visit = async (node) => {
    const mark = node.marks?.find(({ type, attrs }) => type === "link" && OWN.test(attrs.href));
    for (const [attrs, name] of [[node.type === "image" || node.type === "video" ? node.attrs : null, "src"], [mark?.attrs, "href"]]) {
      const file = attrs && OWN.exec(attrs[name])?.[1];
      if (!file) continue;
      if (!found.has(file)) found.set(file, await taken(from + file, decodeURIComponent(file).split("/").at(-1), attach));
      const stored = found.get(file);
      if (!stored) left.push({ kind: "pictures", name: file });
      else {
        attrs[name] = attrs[name].replace(OWN, stored.target);
        if (node.type === "image" && name === "src") attrs.address = stored.address;
      }
    }
    for (const child of node.content ?? []) await visit(child);
  };
  for (const node of json?.content ?? []) await visit(node);
  return { slice: Slice.fromJSON(written.content.firstChild.type.schema, json), left };
}

export const bring = { html, slice };
