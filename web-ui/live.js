// When something happened, fetches this page again and puts its parts in place. All works without it.
(() => {
  const live = document.getElementById("live");
  let timer = 0;

  const typing = () =>
    /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName) ||
    document.querySelector("main input:checked");

  async function show(response) {
    if (!response.ok) throw response;
    if (new URL(response.url).pathname !== location.pathname) return location.assign(response.url);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const open = [...document.querySelectorAll("details[open]")].map((details) => details.id);
    for (const id of ["live", "main"]) {
      const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
      if (old.innerHTML !== fresh.innerHTML) old.replaceChildren(...fresh.childNodes);
    }
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    document.title = page.title;
  }

  async function refresh() {
    timer = 0;
    if (typing() || live.dataset.busy) return;
    await fetch(location.href)
      .then(show)
      .catch(() => {});
  }

  // At most one fetch a second, however many events there are.
  const later = () => {
    if (!timer) timer = setTimeout(refresh, 1000);
  };

  function connect() {
    const events = new EventSource("/events");
    events.onmessage = later;
    events.onerror = () => {
      if (events.readyState === EventSource.CLOSED) setTimeout(connect, 30000);
    };
  }
  connect();

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
})();
