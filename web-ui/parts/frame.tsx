import type { ComponentChildren, JSX } from "preact";
import type { Words } from "../locales/words/index.ts";
import type { Frame } from "../view-model/index.ts";
import { MarkIcon } from "./mark.tsx";

export interface PartProps {
  readonly frame: Frame;
  readonly words: Words;
}

interface DocumentProps extends PartProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** Seconds between reloads while scanning, for browsers without JavaScript. */
const RELOAD_SECONDS = 5;

export function Document({ frame, words, title, children }: DocumentProps): JSX.Element {
  return (
    <html lang={frame.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · ${words.product.name}`}</title>
        <link rel="stylesheet" href="/style.css" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <script src="/live.js" defer />
        {frame.scanning && (
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
        <div id="live" role="status">
          <Scanning frame={frame} words={words} />
          {frame.notice && <p class="notice">{words.notices[frame.notice]}</p>}
        </div>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        <Footer frame={frame} words={words} />
      </body>
    </html>
  );
}

function Header({ frame, words }: PartProps): JSX.Element {
  const other = frame.language === "ja" ? "en" : "ja";
  return (
    <header>
      <a class="brand" href="/">
        <img src="/favicon.svg" alt="" width="36" height="36" />
        <span>
          <b>{words.product.name}</b> <small>{frame.place ?? words.product.line}</small>
        </span>
      </a>
      <a class="language" href={`?lang=${other}`} lang={other} hreflang={other}>
        {words.language.other}
      </a>
    </header>
  );
}

function Scanning({ frame, words }: PartProps): JSX.Element | null {
  if (!frame.scanning) return null;
  const { done, total, steps } = frame.scanning;
  const { scanning } = words;
  return (
    <div class="scanning">
      <p>
        <span class="chip checking">
          <MarkIcon mark="checking" />
          <b>{scanning.title}</b>
        </span>{" "}
        {total > 0 ? scanning.progress(done, total) : scanning.starting}
      </p>
      <p>{scanning.mayClose}</p>
      {steps.length > 0 && (
        <ul>
          {steps.map((step) => (
            <li key={`${step.kind} ${step.name}`}>{scanning[step.kind](step.name)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Footer({ frame, words }: PartProps): JSX.Element {
  return (
    <footer>
      {frame.contact && (
        <p>
          {words.common.contact}: {frame.contact}
        </p>
      )}
      <nav aria-label={words.common.menu}>
        <ul>
          <li>
            <a href="/">{words.status.title}</a>
          </li>
          <li>
            <a href="/about">{words.about.title}</a>
          </li>
          <li>
            <a href="/consent">{words.consent.records}</a>
          </li>
        </ul>
      </nav>
      {frame.role !== "open" && (
        <form method="post" action="/sign-out">
          <button class="quiet" type="submit">
            {words.claim.signOut}
          </button>
        </form>
      )}
      <p class="version">
        {words.product.name} {frame.version}
      </p>
    </footer>
  );
}
