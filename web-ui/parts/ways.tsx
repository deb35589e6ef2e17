import type { JSX } from "preact";
import type { Words } from "../locales/words/index.ts";
import { formatDate } from "../time.ts";
import type { FindingPage, PathView, WaysView } from "../view-model/index.ts";
import type { PartProps } from "./frame.tsx";
import { Leads, PathDrawing, portWords } from "./path.tsx";

/** So many are drawn; the rest are in the list of all. */
const DRAWN = 3;

interface Props extends PartProps {
  readonly page: FindingPage;
  readonly ways: WaysView;
}

/** The ways that a finding is about, each with how it is known and since when. */
export function WaysDrawn({ frame, words, page, ways: { paths } }: Props): JSX.Element | null {
  const { ways, time } = words;
  if (paths.length === 0) return null;
  return (
    <section class="door" id="ways">
      <h3>{ways.title}</h3>
      {paths.slice(0, DRAWN).map((path) => (
        <div key={path.key}>
          <PathDrawing path={path} words={words} />
          <p>
            <b>{ways.how}</b>
          </p>
          <Grounds path={path} words={words} />
          <p>
            <small>{ways.since(formatDate(page.since, time))}</small>
          </p>
        </div>
      ))}
      {paths.length > DRAWN && <p>{ways.more(paths.length - DRAWN)}</p>}
      {frame.detailed && (
        <p class="links">
          <a href="/outside">{ways.all}</a>
        </p>
      )}
    </section>
  );
}

export function Grounds({ path, words }: { path: PathView; words: Words }): JSX.Element {
  return (
    <ul>
      {path.grounds.map((ground) => (
        <li key={ground}>{words.ways.grounds[ground]}</li>
      ))}
    </ul>
  );
}

/** What comes back by itself, what a click closes, and what only a person can: in this order. */
export function CloseWays({ frame, words, page, ways: view }: Props): JSX.Element | null {
  const { ways, common, kinds } = words;
  const byHand = view.paths.filter((path) => path.byHand !== null && path.reach !== "none");
  const name = view.cameBack?.name ? common.quoted(view.cameBack.name) : kinds.unknown;
  const entries = view.unhelped ? view.paths : byHand;
  return (
    <>
      {view.cameBack && (
        <section class="box still">
          <h3>{ways.cameBackTitle}</h3>
          <p>
            <bdi>{ways.cameBack(name)}</bdi>
          </p>
          <p>
            <bdi>{ways.cameBackStep(name)}</bdi>
          </p>
          {view.cameBack.menu && (
            <small class="menu">
              {words.finding.menu}: <bdi>{view.cameBack.menu}</bdi>
            </small>
          )}
        </section>
      )}
      {view.closable > 0 && (
        <section class="box" id="close">
          <h3>{ways.closeTitle}</h3>
          <p>{ways.closeWhat(view.closable)}</p>
          {!frame.mayDecide && <p>{ways.closeMayNot}</p>}
          <p class="act">
            <a class={frame.mayDecide ? "button" : "button quiet"} href={`/findings/${page.id}/close`}>
              {ways.closeLook}
            </a>
          </p>
        </section>
      )}
      {byHand.length > 0 && (
        <section class="box">
          <h3>{ways.byHandTitle}</h3>
          {[...new Set(byHand.map((path) => path.byHand))].map(
            (why) => why && <p key={why}>{ways.byHand[why]}</p>,
          )}
        </section>
      )}
      {entries.length > 0 && <RouterSteps paths={entries} words={words} open={view.unhelped} />}
    </>
  );
}

/** The router's own page, for whatever we cannot or may not do. */
export function RouterSteps({
  paths,
  words,
  open,
}: {
  paths: readonly PathView[];
  words: Words;
  open: boolean;
}): JSX.Element {
  const { ways } = words;
  return (
    <details id="router" open={open}>
      <summary>{ways.routerTitle}</summary>
      <ol class="steps">
        {ways.routerSteps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p>
        <b>{ways.routerEntry}</b>
      </p>
      <Entries paths={paths} words={words} />
      <p>{ways.routerCarrier}</p>
      <p>
        <small>
          {ways.knowledge} {ways.routerNames}
        </small>
      </p>
    </details>
  );
}

/** Entries as the router names them: port outside, device and door inside. */
export function Entries({ paths, words }: { paths: readonly PathView[]; words: Words }): JSX.Element {
  return (
    <ul class="rows">
      {paths.map((path) => (
        <li key={path.key}>
          <b>{portWords(path, words)}</b>
          <small>
            <Leads path={path} words={words} />
          </small>
          {path.router && (
            <small>
              {words.picture.gate}: <bdi>{path.router}</bdi>
            </small>
          )}
          {path.remoteHost && (
            <small>
              <bdi>{words.ways.onlyFrom(path.remoteHost)}</bdi>
            </small>
          )}
          {path.leaseHours !== null && <small>{words.ways.lease(path.leaseHours)}</small>}
          {path.description && (
            <small>
              <bdi>{words.ways.calledIt(path.description)}</bdi>
            </small>
          )}
        </li>
      ))}
    </ul>
  );
}
