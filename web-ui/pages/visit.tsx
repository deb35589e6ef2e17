import type { JSX } from "preact";
import type { PartProps } from "../parts/frame.tsx";
import { MarkChip } from "../parts/mark.tsx";
import { VisitPaper } from "../parts/visit-paper.tsx";
import { formatTime } from "../time.ts";
import type { Mark, VisitPage, VisitPoint, VisitResult, VisitView } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: VisitPage;
}

export function Visit({ frame, words, page }: Props): JSX.Element {
  const { visit } = page;
  if (visit && page.shows === "sheet") return <VisitPaper frame={frame} words={words} visit={visit} />;
  return (
    <>
      <h1>{words.visit.title}</h1>
      {visit ? (
        <Work frame={frame} words={words} visit={visit} />
      ) : (
        <Begin frame={frame} words={words} page={page} />
      )}
    </>
  );
}

function Begin({ frame, words, page }: Props): JSX.Element {
  const { visit } = words;
  return (
    <>
      <p>{visit.why}</p>
      <p>{visit.what}</p>
      <form class="box" method="post" action="/visit/begin">
        <label>
          {visit.person}
          <input name="person" required maxLength={60} autocomplete="name" />
        </label>
        <label>
          {visit.company}
          <input name="company" required maxLength={60} autocomplete="organization" />
        </label>
        <button type="submit">{visit.begin}</button>
      </form>
      <h2>{visit.past}</h2>
      {page.past.length === 0 && <p>{visit.pastNone}</p>}
      <ul class="cards">
        {page.past.map((one) => (
          <li key={one.id} class="card">
            <a class="way" href={`/visit/${one.id}`}>
              {formatTime(one.from, frame.now, words.time)} <bdi>{one.company}</bdi> <bdi>{one.person}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

function Work({ frame, words, visit }: PartProps & { visit: VisitView }): JSX.Element {
  const { visit: say } = words;
  const when = (iso: string): string => formatTime(iso, frame.now, words.time);
  return (
    <>
      <p>
        <bdi>{say.goingOn(visit.company, when(visit.from))}</bdi>
      </p>
      <h2>{say.progress}</h2>
      {visit.points.length === 0 && <p>{say.none}</p>}
      <ul class="cards">
        {visit.points.map((point) => (
          <Point key={point.id} words={words} point={point} />
        ))}
      </ul>
      <section class="box">
        <h2>{say.checkAll}</h2>
        <p>{visit.scanAfter ? say.checkedSince(when(visit.scanAfter)) : say.notChecked}</p>
        {frame.scanning ? (
          <p>{say.endWait}</p>
        ) : (
          <form method="post" action="/visit/scan">
            <p>{say.checkAllWhy}</p>
            <button class={visit.checked ? "quiet" : ""} type="submit">
              {say.checkAll}
            </button>
          </form>
        )}
      </section>
      <section class="box">
        <h2>{say.endTitle}</h2>
        {!visit.checked && <p class="stopped">{say.endNotYet}</p>}
        <p>
          <a class="way" href={`/visit/${visit.id}`}>
            {say.sheetNow}
          </a>
        </p>
        {frame.scanning ? (
          <p>{say.endWait}</p>
        ) : (
          <form method="post" action="/visit/end">
            <button class={visit.checked ? "" : "quiet"} type="submit">
              {say.end}
            </button>
          </form>
        )}
      </section>
    </>
  );
}

/** A result has a shape of its own; what is still open keeps the shape of how bad it is. */
export function markOfResult(result: VisitResult, mark: Mark): Mark {
  if (result === "fixed") return "none";
  return result === "unsettled" ? "unknown" : mark;
}

function Point({ words, point }: { words: PartProps["words"]; point: VisitPoint }): JSX.Element {
  const { visit, report, checks } = words;
  const camera = point.camera;
  const where = camera ? (camera.name ?? report.unnamed(camera.number)) : report.elsewhere;
  const mark = markOfResult(point.result, point.mark);
  return (
    <li class={`card edge ${mark}`}>
      <h3>
        {point.linked ? <a href={`/findings/${point.id}`}>{checks[point.check]}</a> : checks[point.check]}
        <MarkChip mark={mark} words={words} word={visit.results[point.result]} />
      </h3>
      <p>
        <bdi>{where}</bdi>{" "}
        {point.subject && (
          <small class="subject">
            <bdi>{point.subject}</bdi>
          </small>
        )}
      </p>
    </li>
  );
}
