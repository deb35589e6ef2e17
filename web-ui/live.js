// When something happened, fetches this page again and puts its parts in place. All works without it.
const live = document.getElementById("live");
// With the short message after a button, so that the next event does not wipe it away at once.
let here = location.href;
let timer = 0;
let typed = false;
document.documentElement.classList.add("js");
document.addEventListener("input", () => {
  typed = true;
});

const busy = () =>
  typed || live.dataset.busy || /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName);

// On a slow line somebody may begin to type while the answer is on its way.
async function show(response, unless) {
  if (!response.ok) throw response;
  const text = await response.text();
  if (unless?.()) return;
  if (new URL(response.url).pathname !== location.pathname) return location.assign(response.url);
  const page = new DOMParser().parseFromString(text, "text/html");
  const open = [...document.querySelectorAll("details[open]")].map((details) => details.id);
  for (const id of ["live", "steps", "main"]) {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (old.innerHTML !== fresh.innerHTML) old.replaceChildren(...fresh.childNodes);
  }
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  document.title = page.title;
  here = response.url;
  typed = false;
}

async function refresh() {
  timer = 0;
  if (busy()) return;
  await fetch(here)
    .then((response) => show(response, busy))
    .catch(() => {});
}

// At most one fetch a second, however many events there are.
const later = () => {
  if (!timer) timer = setTimeout(refresh, 1000);
};

// A page that nobody feeds any more must not look like the present. The heartbeat comes every 15 seconds.
const lost = document.getElementById("lost");
let silence = 0;
const heard = () => {
  clearTimeout(silence);
  silence = setTimeout(() => lost.removeAttribute("hidden"), 45000);
  if (lost.hidden) return;
  lost.hidden = true;
  later();
};

function connect() {
  const events = new EventSource("/events");
  events.onopen = heard;
  events.addEventListener("heartbeat", heard);
  events.onmessage = () => {
    heard();
    later();
  };
  events.onerror = () => {
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, 30000);
  };
}
heard();
connect();
// Where nothing happens any more the result grows old, and has to say so.
setInterval(later, 900000);

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.live) return;
  event.preventDefault();
  if (live.dataset.busy) return;
  live.dataset.busy = "yes";
  live.textContent = form.dataset.live;
  try {
    await show(await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }));
  } catch {
    form.submit();
  } finally {
    delete live.dataset.busy;
  }
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-print]")) print();
  const { copy, done, failed } = target.closest("[data-copy]")?.dataset ?? {};
  if (!copy) return;
  // The clipboard itself is out of reach on plain HTTP.
  const text = document.getElementById(copy);
  text.focus();
  text.setSelectionRange(0, text.value.length);
  document.getElementById(`${copy}-copied`).textContent = document.execCommand("copy") ? done : failed;
});
