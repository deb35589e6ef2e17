import type { JSX } from "preact";
import type { Audience } from "../../agent/model/index.ts";
import { Facts } from "../parts/findings.tsx";
import type { PartProps } from "../parts/frame.tsx";
import { MarkChip } from "../parts/mark.tsx";
import { formatDate, formatTime } from "../time.ts";
import type { FindingPage } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: FindingPage;
}

const LADDER: readonly Audience[] = ["room", "building", "internet", "unknown"];

/** One finding: what, who, since when, what to do, is it mended; always in this order. */
export function Finding({ frame, words, page }: Props): JSX.Element {
  const { finding } = words;
  return (
    <article>
      <p class="above">
        <MarkChip
          mark={page.resolvedAt ? "none" : page.mark}
          words={words}
          {...(page.resolvedAt && {
            word: finding.resolved(formatTime(page.resolvedAt, frame.now, words.time)),
          })}
        />
      </p>
      <h1>{page.title}</h1>
      {page.accepted && (
        <p class="box">
          {finding.accepted(
            page.accepted.by,
            formatDate(page.accepted.until, words.time),
            page.accepted.reason,
          )}
        </p>
      )}
      <h2>{finding.what}</h2>
      <p>{page.why}</p>
      {page.camera && (
        <p>
          {finding.camera}:{" "}
          <a href={`/cameras/${page.camera.key}`}>
            <bdi>{page.camera.name}</bdi>
          </a>
        </p>
      )}
      <h2>{finding.who}</h2>
      <ol class="ladder">
        {LADDER.map((rung) => (
          <li key={rung} aria-current={rung === page.audience ? "true" : undefined}>
            {words.ladder[rung]}
          </li>
        ))}
      </ol>
      <p>{page.whoCanSee}</p>
      <Since frame={frame} words={words} page={page} />
      {!page.resolvedAt && <Steps frame={frame} words={words} page={page} />}
      <h2>{finding.verify}</h2>
      <p>{finding.verifyHow}</p>
      <form
        method="post"
        action={`/findings/${page.id}/recheck`}
        data-live={`${words.scanning.title} … ${words.scanning.mayClose}`}
      >
        <button type="submit">{finding.checkAgain}</button>
      </form>
      <details id="record">
        <summary>{finding.record}</summary>
        <Facts facts={page.facts} />
      </details>
      {!page.resolvedAt && <Accept frame={frame} words={words} page={page} />}
    </article>
  );
}

function Since({ frame, words, page }: Props): JSX.Element {
  const { finding } = words;
  const when = (iso: string): string => formatTime(iso, frame.now, words.time);
  return (
    <>
      <h2>{finding.since}</h2>
      <p>{finding.atLeast(formatDate(page.since, words.time), page.days)}</p>
      <p>{finding.before}</p>
      <p>{finding.lastConfirmed(when(page.lastConfirmed))}</p>
      {page.lastUnknown && <p>{finding.unsettledSince(when(page.lastUnknown))}</p>}
      {page.reopened > 0 && <p>{finding.reopened(page.reopened)}</p>}
    </>
  );
}

function Steps({ words, page }: Props): JSX.Element {
  return (
    <>
      <h2>{words.finding.steps}</h2>
      <ol class="steps">
        {page.steps.map((step) => (
          <li key={step.text}>
            {step.actors.map((actor) => (
              <span key={actor} class="actor">
                {words.actors[actor]}
              </span>
            ))}{" "}
            {step.text}
          </li>
        ))}
      </ol>
    </>
  );
}

function Accept({ words, page }: Props): JSX.Element {
  const { finding } = words;
  return (
    <details id="accept">
      <summary>{finding.accept}</summary>
      <p>{finding.acceptWhy}</p>
      <form method="post" action={`/findings/${page.id}/accept`}>
        <label>
          {finding.by}
          <input name="by" required maxLength={60} autocomplete="name" />
        </label>
        <label>
          {finding.reason}
          <input name="reason" required maxLength={200} />
        </label>
        <label>
          {finding.until}
          <input name="until" type="date" required max={page.acceptUntil} />
        </label>
        <button class="quiet" type="submit">
          {finding.accept}
        </button>
      </form>
    </details>
  );
}
