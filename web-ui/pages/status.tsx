import type { JSX } from "preact";
import { FindingList } from "../parts/findings.tsx";
import type { PartProps } from "../parts/frame.tsx";
import { MarkChip, MarkIcon } from "../parts/mark.tsx";
import { formatTime } from "../time.ts";
import type { CameraRow, StatusPage } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: StatusPage;
}

export function Status({ frame, words, page }: Props): JSX.Element {
  const { headline } = page;
  return (
    <>
      <section class={`headline ${headline.mark}`} data-posture={headline.id}>
        <h1>
          <MarkIcon mark={headline.mark} />
          <span>{headline.title}</span>
        </h1>
        <p>{headline.sentence}</p>
        {headline.stoppedSince && (
          <p class="stopped">
            {words.common.stoppedSince}: {formatTime(headline.stoppedSince, frame.now, words.time)}
          </p>
        )}
        <NextAct frame={frame} words={words} page={page} />
      </section>
      <Summary frame={frame} words={words} page={page} />
      {page.rows && page.rows.length > 0 && (
        <section>
          <h2>{words.status.camerasHeading}</h2>
          <ul class="cards">
            {page.rows.map((row) => (
              <Camera key={row.key} frame={frame} words={words} row={row} />
            ))}
          </ul>
        </section>
      )}
      {page.elsewhere.length > 0 && (
        <section>
          <h2>{words.status.elsewhereHeading}</h2>
          <div class="card">
            <FindingList frame={frame} words={words} findings={page.elsewhere} />
          </div>
        </section>
      )}
      <aside class="box">
        <h2>{words.status.cannotKnowTitle}</h2>
        <p>{words.status.cannotKnow(frame.place ?? words.common.thisPlace)}</p>
      </aside>
    </>
  );
}

/** What leads on from the headline, the most useful first. */
function NextAct({ frame, words, page }: Props): JSX.Element | null {
  if (frame.role === "open") {
    return page.headline.id === "self" ? null : <Way href="/claim" label={words.status.details} />;
  }
  const scan = !frame.scanning && page.headline.id !== "waiting";
  return (
    <>
      {page.headline.id === "waiting" && <Way href="/consent" label={words.consent.title} />}
      {page.first && <Way href={`/findings/${page.first}`} label={words.status.whatToDo} />}
      {scan && (
        <form class="act" method="post" action="/scan">
          <button class={page.first ? "quiet" : ""} type="submit">
            {words.status.checkNow}
          </button>
        </form>
      )}
    </>
  );
}

function Way({ href, label }: { href: string; label: string }): JSX.Element {
  return (
    <p class="act">
      <a class="button" href={href}>
        {label}
      </a>
    </p>
  );
}

function Summary({ frame, words, page }: Props): JSX.Element {
  const when = (iso: string | null): string =>
    iso === null ? words.common.never : formatTime(iso, frame.now, words.time);
  return (
    <section class="summary">
      <p class="counts">
        <b>{page.counts.length > 0 ? words.common.cameras(page.cameras) : words.status.notYet}</b>
        {page.counts.map(({ mark, count }) => (
          <MarkChip key={mark} mark={mark} words={words} word={`${words.marks[mark]} ${count}`} />
        ))}
      </p>
      {page.unsettled > 0 && <p>{words.status.openQuestions(page.unsettled)}</p>}
      <dl class="times">
        <div>
          <dt>{words.common.lastCheck}</dt>
          <dd>{when(page.lastCheck)}</dd>
        </div>
        {page.nextCheck && (
          <div>
            <dt>{words.common.nextCheck}</dt>
            <dd>{when(page.nextCheck)}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function Camera({ frame, words, row }: PartProps & { row: CameraRow }): JSX.Element {
  return (
    <li class={`card edge ${row.mark}`}>
      <h3>
        <a href={`/cameras/${row.key}`}>
          <bdi>{row.name}</bdi>
        </a>
        {row.findings.length === 0 && <MarkChip mark={row.mark} words={words} />}
      </h3>
      {row.maker && (
        <p class="maker">
          <bdi>{row.maker}</bdi>
        </p>
      )}
      {row.findings.length > 0 && <FindingList frame={frame} words={words} findings={row.findings} />}
      <p class="rest">
        {[
          row.unknown > 0 && words.status.unsettled(row.unknown, words.marks.unknown),
          row.waiting > 0 && words.status.unsettled(row.waiting, words.marks.waiting),
          row.accepted > 0 && words.status.accepted(row.accepted),
          row.passed > 0 && words.status.notFound(row.passed),
        ]
          .filter((text) => typeof text === "string")
          .join(" · ")}
      </p>
    </li>
  );
}
