import type { ComponentChildren, JSX } from "preact";
import type { Words } from "../locales/words/index.ts";
import type { Frame, Page } from "../view-model/index.ts";
import { MarkIcon } from "./mark.tsx";
import { VisitBanner } from "./visit-banner.tsx";

export interface PartProps {
  readonly frame: Frame;
  readonly words: Words;
}

interface DocumentProps extends PartProps {
  readonly title: string;
  readonly page: Page;
  readonly children: ComponentChildren;
}

/** Seconds between reloads while scanning, for browsers without JavaScript. */
const RELOAD_SECONDS = 5;

export function Document({ frame, words, title, page, children }: DocumentProps): JSX.Element {
  return (
    <html lang={frame.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · ${words.product.name}`}</title>
        <link rel="stylesheet" href="/style.css" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <script src="/live.js" type="module" />
        {frame.scanning && !frame.once && fillsIn(page) && (
          <noscript>
            <meta http-equiv="refresh" content={String(RELOAD_SECONDS)} />
          </noscript>
        )}
      </head>
      <body>
        <a class="skip" href="#main">
          {words.common.skip}
        </a>
        <Header frame={frame} words={words} />
        {frame.settingUp && page.kind !== "setup" && page.kind !== "consent" && (
          <nav class="go-on" aria-label={words.setup.title}>
            <a class="button quiet" href="/setup">
              {words.setup.goOn}
            </a>
          </nav>
        )}
        <p id="lost" class="notice lost" role="alert" hidden>
          {words.common.lost}
        </p>
        <VisitBanner frame={frame} words={words} />
        <div id="live" role="status" data-busy={frame.once ? "yes" : undefined}>
          <Scanning frame={frame} words={words} />
          {frame.notice && <p class="notice">{words.notices[frame.notice]}</p>}
        </div>
        <div id="steps">
          <Steps frame={frame} words={words} />
        </div>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        <Footer frame={frame} words={words} />
      </body>
    </html>
  );
}

/** Where results come in while a check runs. Elsewhere a reload would cost what somebody has typed. */
function fillsIn(page: Page): boolean {
  return page.kind === "status" || (page.kind === "setup" && page.body.step === "scan");
}

function Header({ frame, words }: PartProps): JSX.Element {
  const other = frame.language === "ja" ? "en" : "ja";
  return (
    <header>
      <a class="brand" href="/">
        <img src="/favicon.svg" alt="" width="36" height="36" />
        <span>
          <b>{words.product.name}</b>{" "}
          <small>{frame.place ? <bdi>{frame.place}</bdi> : words.product.line}</small>
        </span>
      </a>
      <a class="language" href={`?lang=${other}`} lang={other} hreflang={other}>
        {words.language.other}
      </a>
    </header>
  );
}

/** Only what changes now and then: all of it is read out when it changes. */
function Scanning({ frame, words }: PartProps): JSX.Element | null {
  if (!frame.scanning) return null;
  const { done, total } = frame.scanning;
  const { scanning } = words;
  return (
    <p class="scanning">
      <span class="chip checking">
        <MarkIcon mark="checking" />
        <b>{scanning.title}</b>
      </span>{" "}
      {total > 0 ? scanning.progress(done, total) : scanning.starting}
    </p>
  );
}

/** What changes every second is there to be looked at, and stands apart so that nothing reads it out. */
function Steps({ frame, words }: PartProps): JSX.Element | null {
  if (!frame.scanning) return null;
  const { scanning } = words;
  return (
    <section class="scanning doing" aria-label={scanning.title}>
      {frame.scanning.steps.length > 0 && (
        <ul>
          {frame.scanning.steps.map(({ name, camera, question }) => (
            <li key={`${camera?.nth} ${name}`}>
              {camera && scanning.nth(camera.nth, camera.of)}
              <bdi>{name}</bdi> … {question === null ? scanning.found : scanning.asked[question]}
            </li>
          ))}
        </ul>
      )}
      <p>
        <small>{scanning.mayClose}</small>
      </p>
    </section>
  );
}

function Footer({ frame, words }: PartProps): JSX.Element {
  const { access } = words;
  return (
    <footer>
      {frame.contact && (
        <p>
          {words.common.contact}: <bdi>{frame.contact}</bdi>
        </p>
      )}
      <nav aria-label={words.common.menu}>
        <ul>
          {menu(frame, words).map(([path, name]) => (
            <li key={path}>
              <a href={path}>{name}</a>
            </li>
          ))}
        </ul>
      </nav>
      {frame.role !== "open" && (
        <form method="post" action="/sign-out">
          <button class="quiet" type="submit">
            {words.claim.signOut}
          </button>
        </form>
      )}
      {frame.address && (
        <p class="address">
          {access.address}: <bdi>{frame.address}</bdi>
          <br />
          {access.homeScreen}
        </p>
      )}
      <p class="version">
        {words.product.name} {frame.version}
      </p>
    </footer>
  );
}

/** Path and name of the pages that this visitor may open. */
function menu({ role, detailed, mayDecide }: Frame, words: Words): readonly (readonly [string, string])[] {
  const all = [
    ["/", words.status.title, true],
    ["/claim", words.claim.title, role === "open"],
    ["/report", words.report.title, detailed],
    ["/outside", words.outside.title, detailed],
    ["/timeline", words.picture.timeline, detailed],
    ["/visit", words.visit.title, detailed],
    ["/consent", words.consent.records, role !== "open"],
    ["/access", words.access.title, detailed && mayDecide],
    ["/about", words.about.title, true],
  ] as const;
  return all.flatMap(([path, name, shown]) => (shown ? [[path, name] as const] : []));
}
