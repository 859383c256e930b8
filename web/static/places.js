// Where one is: a reload, another tab or a night's sleep shows the same page, and "Back" leads to the page before, not out of the site.
// The history never holds more than two entries of ours. Leaving replaces the first, and the second then carries the way out's own
// address: "Forward" leads out again, and has the server forget, even when what was said to it on the way out was lost.
const OUT = "/leave";
const mine = String(Math.random());

export function places(framed, show) {
  const deep = () => history.state?.deep;
  let leaving = null;

  window.addEventListener("popstate", () => {
    if (leaving) return leaving();
    // From the result, from a setting, from "delete?": back to the talk. From the talk: to the first page.
    show(here() === "/" ? "/start" : "/");
  });

  return {
    // After another page of ours was put in place.
    moved(place) {
      if (framed || (location.pathname === place && deep())) return;
      if (deep()) history.replaceState({ deep: deep() }, "", place);
      else {
        history.replaceState({ ahead: true }, "");
        history.pushState({ deep: mine }, "", place);
      }
    },
    // After "Back": this is the first entry now.
    stayed(place) {
      if (!framed) history.replaceState({ ahead: true }, "", place);
    },
    // Calls `go` on the first entry, whatever happens to the history. Never where going back would load a page: nobody is held up by that.
    first(go) {
      if (!framed && deep() === mine) history.replaceState({ deep: mine }, "", OUT);
      // After "Back", an entry of ours lies ahead that only a new one takes away.
      else if (!framed && history.state?.ahead) history.pushState({ deep: mine }, "", OUT);
      else return go();
      let gone = false;
      leaving = () => { if (!gone) { gone = true; go(); } };
      setTimeout(leaving, 150);
      history.back();
    },
  };
}

export const here = () => document.getElementById("main")?.dataset.place ?? "/";
