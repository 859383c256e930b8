// Inside another website: that website scrolls, and our way out with it. It is kept in the part of the frame that is seen.
const STEPS = 200;

export function keepInSight(framed) {
  if (!framed || !("IntersectionObserver" in window)) return;
  // Stands still over the whole frame, so that what is cut off from it is what the other website has scrolled away.
  const frame = document.createElement("div");
  frame.className = "frame";
  document.body.append(frame);
  const seen = new IntersectionObserver((entries) => {
    const { isIntersecting, intersectionRect } = entries.at(-1);
    const top = isIntersecting ? Math.max(0, Math.round(intersectionRect.top)) : 0;
    document.documentElement.style.setProperty("--seen", `${top}px`);
  }, { threshold: Array.from({ length: STEPS + 1 }, (_, step) => step / STEPS) });
  seen.observe(frame);
}
