import type { JSX } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Words } from "./locales/words/index.ts";
import { About } from "./pages/about.tsx";
import { Access } from "./pages/access.tsx";
import { Camera } from "./pages/camera.tsx";
import { Claim } from "./pages/claim.tsx";
import { Close } from "./pages/close.tsx";
import { Consent } from "./pages/consent.tsx";
import { Finding } from "./pages/finding.tsx";
import { Message } from "./pages/message.tsx";
import { Outside } from "./pages/outside.tsx";
import { Problem } from "./pages/problem.tsx";
import { Report } from "./pages/report.tsx";
import { Setup } from "./pages/setup.tsx";
import { Statements } from "./pages/statements.tsx";
import { Status } from "./pages/status.tsx";
import { Timeline } from "./pages/timeline.tsx";
import { Visit } from "./pages/visit.tsx";
import { Document } from "./parts/frame.tsx";
import type { Frame, Page } from "./view-model/index.ts";
import { wordsOf } from "./words.ts";

/** A whole HTML document. Every value is escaped by the renderer; there is no way to hand it raw HTML. */
export function renderPage(frame: Frame, page: Page): string {
  const words = wordsOf(frame.language);
  const document = (
    <Document frame={frame} words={words} title={titleOf(words, page)} page={page}>
      <Body frame={frame} words={words} page={page} />
    </Document>
  );
  return `<!doctype html>${renderToString(document)}`;
}

/** Answer to a host name that is not ours: complete in itself, both languages, nothing about this site in it. */
export function renderWrongHost(): string {
  const [ja, en] = [wordsOf("ja"), wordsOf("en")];
  const document = (
    <html lang="ja">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{ja.problems.host.title}</title>
      </head>
      <body>
        <h1>{ja.problems.host.title}</h1>
        <p>{ja.problems.host.text}</p>
        <div lang="en">
          <h2>{en.problems.host.title}</h2>
          <p>{en.problems.host.text}</p>
        </div>
      </body>
    </html>
  );
  return `<!doctype html>${renderToString(document)}`;
}

function Body({ frame, words, page }: { frame: Frame; words: Words; page: Page }): JSX.Element {
  switch (page.kind) {
    case "status":
      return <Status frame={frame} words={words} page={page} />;
    case "finding":
      return <Finding frame={frame} words={words} page={page} />;
    case "close":
      return <Close frame={frame} words={words} page={page} />;
    case "outside":
      return <Outside frame={frame} words={words} page={page} />;
    case "camera":
      return <Camera frame={frame} words={words} page={page} />;
    case "claim":
      return <Claim frame={frame} words={words} page={page} />;
    case "consent":
      return <Consent frame={frame} words={words} page={page} />;
    case "setup":
      return <Setup frame={frame} words={words} page={page} />;
    case "access":
      return <Access frame={frame} words={words} page={page} />;
    case "report":
      return <Report frame={frame} words={words} page={page} />;
    case "visit":
      return <Visit frame={frame} words={words} page={page} />;
    case "message":
      return <Message frame={frame} words={words} page={page} />;
    case "statements":
      return <Statements frame={frame} words={words} page={page} />;
    case "timeline":
      return <Timeline frame={frame} words={words} page={page} />;
    case "about":
      return <About frame={frame} words={words} />;
    case "problem":
      return <Problem frame={frame} words={words} page={page} />;
  }
}

function titleOf(words: Words, page: Page): string {
  switch (page.kind) {
    case "status":
      return page.headline.title;
    case "finding":
      return page.title;
    case "close":
      return words.ways.closeTitle;
    case "outside":
      return words.outside.title;
    case "camera":
      return page.name;
    case "claim":
      return words.claim.title;
    case "consent":
      return words.consent.title;
    case "setup":
      return words.setup.headings[page.body.step];
    case "access":
      return words.access.title;
    case "report":
      return words.report.title;
    case "visit":
      return words.visit.title;
    case "message":
      return words.message.title;
    case "statements":
      return words.statements.title;
    case "timeline":
      return words.picture.timeline;
    case "about":
      return words.about.title;
    case "problem":
      return words.problems[page.problem].title;
  }
}
