import type { JSX } from "preact";
import { DoorName } from "../parts/door.tsx";
import { Facts } from "../parts/findings.tsx";
import type { PartProps } from "../parts/frame.tsx";
import { Ladder } from "../parts/ladder.tsx";
import { MarkChip } from "../parts/mark.tsx";
import { Mends } from "../parts/mends.tsx";
import { SaidAndMeasured } from "../parts/statements.tsx";
import { CloseWays, WaysDrawn } from "../parts/ways.tsx";
import { formatDate, formatStamp } from "../time.ts";
import type { FindingPage } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: FindingPage;
}

/** One finding: what, who, since when, what to do, is it mended; always in this order. Its days are never "today": it is printed to be kept. */
export function Finding(props: Props): JSX.Element {
  const { frame, words, page } = props;
  const { finding } = words;
  const resolved = page.resolvedAt && finding.resolved(formatStamp(page.resolvedAt, words.time));
  return (
    <article>
      <p class="above">
        <MarkChip
          mark={page.resolvedAt ? "none" : page.mark}
          words={words}
          {...(resolved && { word: resolved })}
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
      <What {...props} />
      {!page.resolvedAt && (
        <>
          <h2>{finding.who}</h2>
          <Ladder audience={page.audience} words={words} />
          {page.audience === "internet" && !page.ways?.paths.length && <p>{finding.path}</p>}
          <p>{page.whoCanSee}</p>
          <p>
            <small>{finding.ladderNote}</small>
          </p>
          {page.ways && <WaysDrawn {...props} ways={page.ways} />}
        </>
      )}
      <Since {...props} />
      {!page.resolvedAt && <Steps {...props} />}
      {!page.resolvedAt && page.mark === "emergency" && <Outside {...props} />}
      <Verify {...props} />
      {page.ways && <Mends frame={frame} words={words} mends={page.ways.mends} />}
      {page.words && page.words.statements.length > 0 && (
        <section id="words">
          <h2>{words.statements.title}</h2>
          <SaidAndMeasured frame={frame} words={words} facts={page.words} />
        </section>
      )}
      <details id="record" open={frame.technical}>
        <summary>{finding.record}</summary>
        <Facts facts={page.facts} />
      </details>
      {!page.resolvedAt && <Accept {...props} />}
      {page.words && (
        <p class="links">
          <a href={page.camera ? `/cameras/${page.camera.key}#words` : "/statements"}>
            {words.statements.add}
          </a>
        </p>
      )}
    </article>
  );
}

function What({ words, page }: Props): JSX.Element {
  const { finding } = words;
  return (
    <>
      <h2>{page.resolvedAt ? finding.whatWas : finding.what}</h2>
      <p>{page.why}</p>
      <dl class="seen">
        <div>
          <dt>{finding.evidence}</dt>
          <dd>{finding.observed[page.check]}</dd>
          {page.because && <dd>{page.because}</dd>}
        </div>
        {page.subject && (
          <div>
            <dt>{finding.subject}</dt>
            <dd>
              <DoorName door={page.subject} words={words} />
            </dd>
          </div>
        )}
        {page.camera && (
          <div>
            <dt>{page.camera.kind === "camera" ? finding.camera : words.kinds[page.camera.kind]}</dt>
            <dd>
              <a href={`/cameras/${page.camera.key}`}>
                <bdi>{page.camera.name}</bdi>
              </a>
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}

function Since({ words, page }: Props): JSX.Element {
  const { finding, time } = words;
  const when = (iso: string): string => formatStamp(iso, time);
  const first = formatDate(page.since, time);
  return (
    <>
      <h2>{page.resolvedAt ? finding.when : finding.since}</h2>
      <p>
        {page.resolvedAt
          ? finding.lasted(first, formatDate(page.resolvedAt, time), page.days)
          : finding.atLeast(first, page.days)}
      </p>
      <p>{finding.before}</p>
      {!page.resolvedAt && <p>{finding.lastConfirmed(when(page.lastConfirmed))}</p>}
      {page.lastUnknown && (
        <p>
          {finding.unsettledSince(when(page.lastUnknown))}
          {page.unsettled && ` ${finding.because}: ${page.unsettled}`}
        </p>
      )}
      {page.reopened > 0 && <p>{finding.reopened(page.reopened)}</p>}
    </>
  );
}

/** Findings that end with what somebody says on the camera's own page. */
const ENDS_AT_CAMERA: ReadonlySet<string> = new Set(["unknown-camera", "missing-camera"]);

function Steps({ frame, words, page }: Props): JSX.Element {
  const { finding } = words;
  return (
    <>
      <h2>{finding.steps}</h2>
      {page.ways && <CloseWays frame={frame} words={words} page={page} ways={page.ways} />}
      <ol class="steps">
        {page.steps.map((step) => (
          <li key={step.text}>
            {step.actors.map((actor) => (
              <span key={actor} class={`actor ${actor}`}>
                {words.actors[actor]}
              </span>
            ))}{" "}
            {step.text}
            {step.menu && (
              <small class="menu">
                {finding.menu}: <bdi>{step.menu}</bdi>
              </small>
            )}
          </li>
        ))}
      </ol>
      <p class="act buttons">
        {ENDS_AT_CAMERA.has(page.check) && page.camera && (
          <a class="button" href={`/cameras/${page.camera.key}#name`}>
            {finding.toCamera}
          </a>
        )}
        <a class="button quiet" href={`/findings/${page.id}/message`}>
          {finding.message}
        </a>
      </p>
    </>
  );
}

/** For the worst case only: what a place owes to those whose children or guests may have been seen. */
function Outside({ words }: Props): JSX.Element {
  const { outside } = words.finding;
  return (
    <section class="box">
      <h2>{outside.title}</h2>
      <ol class="steps">
        {outside.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </section>
  );
}

function Verify({ frame, words, page }: Props): JSX.Element {
  const { finding } = words;
  const still = frame.notice === "still" && !page.resolvedAt;
  return (
    <section class="screen-only">
      <h2>{finding.verify}</h2>
      {still && (
        <div class="box still">
          <p>{finding.still(formatStamp(page.lastConfirmed, words.time))}</p>
          <p>{finding.observed[page.check]}</p>
          <p>{finding.stillAsk}</p>
          <p class="links">
            <a href={`/findings/${page.id}/message`}>{finding.message}</a>
          </p>
        </div>
      )}
      {!page.resolvedAt && <p>{finding.verifyHow}</p>}
      <form
        method="post"
        action={`/findings/${page.id}/recheck`}
        data-live={`${words.scanning.title} … ${words.scanning.mayClose}`}
      >
        <button type="submit">{finding.checkAgain}</button>
      </form>
    </section>
  );
}

function Accept({ frame, words, page }: Props): JSX.Element {
  const { finding } = words;
  if (!frame.mayDecide) return <p class="box">{finding.acceptBySite}</p>;
  return (
    <details id="accept">
      <summary>{finding.accept}</summary>
      <p>{finding.acceptWhy}</p>
      {page.stays && <p>{finding.acceptStays}</p>}
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
          <input name="until" type="date" required min={page.acceptFrom} max={page.acceptUntil} />
        </label>
        <button class="quiet" type="submit">
          {finding.accept}
        </button>
      </form>
    </details>
  );
}
