// Pictures, videos and links of pasted HTML: which of them can come, and as what.
const VIDEOS = /^https?:\/\/(www\.|m\.)?(youtube(-nocookie)?\.com|youtu\.be|(player\.)?vimeo\.com|loom\.com)\//;

const read = (address) => {
  try {
    return new URL(address, location.href);
  } catch {
    return null;
  }
};
const nameOf = (address) => {
  const name = /([^/?#\\]+)([?#].*)?$/.exec(address)?.[1] ?? "";
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
};

const NAMES = ["data-src", "data-lazy-src", "data-original", "data-srcset", "srcset"];

// The address that a page loads late, or offers in several sizes.
function lateAddress(image) {
  const sources = [image, ...(image.closest("picture")?.querySelectorAll("source") ?? [])];
  const found = sources.flatMap((each) => NAMES.map((name) => each.getAttribute(name))).find(Boolean);
  return found?.trim().split(/[\s,]/)[0] ?? "";
}

// Whether a data: address holds the empty picture that a page shows before it loads its own.
function isEmptyPicture(address) {
  if (/^data:image\/gif/i.test(address)) return address.length < 200;
  const isPlainSvg = /^data:image\/svg/i.test(address) && !/^data:[^,]*;base64/i.test(address);
  return isPlainSvg && !/(<|%3C)(?!\/|%2F|svg|defs|title|desc|\?)/i.test(address);
}

// `site.files` is where the course's own files lie: /files/KEY/.
export function pictureOf(image, site) {
  const written = (image.getAttribute("src") ?? "").replace(/^\/\//, "https://");
  const alt = image.getAttribute("alt") ?? "";
  if (/emoji|mwe-math-fallback/.test(image.className)) return { text: image.className.includes("emoji") ? alt : "" };
  if (["0", "1"].includes(image.getAttribute("width")) || image.closest("[role=checkbox]")) return {};
  // Pages that load pictures late show an empty one until then.
  const late = lateAddress(image);
  const isInstead = /^data:/i.test(written) && (late || isEmptyPicture(written));
  if (!written || isInstead) return late || alt ? { name: alt || nameOf(late) } : {};
  const attrs = { alt, title: image.getAttribute("title") ?? "" };
  const address = read(written);
  if (/^data:image\//i.test(written)) return { attrs: { ...attrs, src: "", address: written } };
  if (address?.origin === location.origin && address.pathname.startsWith("/files/")) {
    const isOwn = address.pathname.startsWith(site.files);
    const src = isOwn ? `assets/${address.pathname.slice(site.files.length)}` : "";
    const [width, height] = ["width", "height"].map((name) => Number(image.getAttribute(name)) || null);
    return { attrs: { ...attrs, src, address: address.pathname, width, height } };
  }
  return { name: alt || nameOf(written) || written };
}

export function videoOf(address, tag) {
  const full = address.replace(/^\/\//, "https://");
  return tag === "iframe" && VIDEOS.test(full) ? full : "";
}

// Returns {href}, empty where nothing can be linked: `isFile` says that it leads into a computer,
// `isLost` that it has a meaning on its own page only.
export function addressOf(written, site) {
  const plain = (written ?? "").trim();
  if (!plain || plain.startsWith("#") || /^about:/i.test(plain)) return { href: "" };
  if (/^(file:|[a-z]:\\|\\\\)/i.test(plain)) return { href: "", isFile: true, name: nameOf(plain) };
  if (/^(lesson|page):/.test(plain)) return { href: plain };
  const isWhole = /^[a-z][a-z\d+.-]*:/i.test(plain);
  const address = isWhole ? read(plain) : null;
  if (!address || !/^(https?|mailto|tel):$/.test(address.protocol)) return { href: "", isLost: true };
  if (/(^|\.)google\.[a-z.]+$/.test(address.hostname) && address.pathname === "/url" && address.searchParams.has("q")) {
    return addressOf(address.searchParams.get("q"), site);
  }
  if (address.origin !== location.origin) return { href: plain };
  const found = /^\/(lesson|page)s\/(\w+)\/$/.exec(address.pathname);
  if (found) return { href: `${found[1]}:${found[2]}${address.hash}` };
  if (address.pathname.startsWith(site.files)) return { href: `assets/${address.pathname.slice(site.files.length)}` };
  return { href: address.href };
}
