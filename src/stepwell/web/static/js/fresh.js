// A page that comes out of a cache may tell of old progress, or of somebody who has signed out.
addEventListener("pageshow", ({ persisted }) => {
  const [visit] = performance.getEntriesByType("navigation");
  const isFromDisk = visit?.type === "back_forward" && visit.transferSize === 0;
  if (persisted || isFromDisk) location.reload();
});
