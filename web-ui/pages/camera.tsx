import type { JSX } from "preact";
import { MANAGERS } from "../../agent/model/index.ts";
import { DoorName } from "../parts/door.tsx";
import { Doors } from "../parts/doors.tsx";
import { Facts, FindingList } from "../parts/findings.tsx";
import type { PartProps } from "../parts/frame.tsx";
import { MarkChip } from "../parts/mark.tsx";
import { Resolved } from "../parts/resolved.tsx";
import { SaidAndMeasured, StatementForm } from "../parts/statements.tsx";
import { ExposureStrip } from "../parts/strip.tsx";
import { formatTime } from "../time.ts";
import type { CameraPage, ResultRow } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: CameraPage;
}

export function Camera(props: Props): JSX.Element {
  const { frame, words, page } = props;
  const { camera } = words;
  // To name a camera is the first thing to do with it.
  const nameFirst = page.isCamera && page.givenName === null;
  return (
    <article>
      {page.mark && (
        <p class="above">
          <MarkChip mark={page.mark} words={words} />
        </p>
      )}
      <h1>
        <bdi>{page.name}</bdi>
      </h1>
      {page.maker && (
        <p class="maker">
          <bdi>{page.maker}</bdi>
        </p>
      )}
      {page.retired ? <p class="box">{camera.retired}</p> : <Missing {...props} />}
      {page.findings.length > 0 && (
        <section>
          <h2>{camera.findings}</h2>
          <div class="card">
            <FindingList frame={frame} words={words} findings={page.findings} />
          </div>
        </section>
      )}
      {nameFirst && <Name {...props} />}
      <Results {...props} />
      {page.strip.counts.before < page.strip.days && (
        <section>
          <h2>{words.picture.timeline}</h2>
          <div class="card">
            <ExposureStrip strip={page.strip} words={words} id={page.key} />
          </div>
        </section>
      )}
      <Resolved frame={frame} words={words} links={page.resolved} />
      <section id="words">
        <h2>{words.statements.title}</h2>
        {page.words.statements.length > 0 && (
          <SaidAndMeasured frame={frame} words={words} facts={page.words} />
        )}
        <StatementForm frame={frame} words={words} camera={page.key} today={page.today} />
        <p class="links">
          <a href="/statements">{words.statements.all}</a>
        </p>
      </section>
      {!nameFirst && <Name {...props} />}
      <details id="record" open={frame.technical}>
        <summary>{camera.record}</summary>
        <Facts facts={page.facts} />
        {page.notApplicable.length > 0 && (
          <p>
            {camera.notApplicable}: {page.notApplicable.map((check) => words.checks[check]).join(" · ")}
          </p>
        )}
      </details>
      {frame.mayDecide && page.isCamera && !page.retired && <Retire {...props} />}
    </article>
  );
}

function Missing({ frame, words, page }: Props): JSX.Element | null {
  const { camera } = words;
  if (!page.missing) return null;
  const { lastSeen } = page.missing;
  return (
    <p class="box">
      {lastSeen === null ? camera.missingNever : camera.missing(formatTime(lastSeen, frame.now, words.time))}
    </p>
  );
}

/** What each check said, door by door. */
function Results({ frame, words, page }: Props): JSX.Element | null {
  const { camera } = words;
  if (page.results.length === 0) return null;
  return (
    <section>
      <h2>{camera.results}</h2>
      {page.isCamera && <Doors doors={page.doors} words={words} />}
      {page.results.map(({ door, rows }) => (
        <section key={door} class="door">
          {(page.isCamera || door !== "") && (
            <h3>
              <DoorName door={door} words={words} />
            </h3>
          )}
          <ul class="results">
            {rows.map((row) => (
              <Result key={`${row.check} ${row.subject}`} frame={frame} words={words} row={row} />
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

function Result({ words, row }: PartProps & { row: ResultRow }): JSX.Element {
  const name = words.checks[row.check];
  return (
    <li>
      <div>
        {row.finding ? <a href={`/findings/${row.finding}`}>{name}</a> : name}{" "}
        {row.subject && (
          <small class="subject">
            <bdi>{row.subject}</bdi>
          </small>
        )}
        {row.because && <small class="because">{row.because}</small>}
      </div>
      <MarkChip mark={row.mark} words={words} word={words.outcomes[row.outcome]} />
    </li>
  );
}

function Name(props: Props): JSX.Element {
  const { words, page } = props;
  const { camera } = words;
  return (
    <form id="name" class="box" method="post" action={`/cameras/${page.key}/name`}>
      <label>
        {page.isCamera ? camera.name : camera.deviceName}
        <input
          name="name"
          required
          maxLength={40}
          value={page.givenName ?? ""}
          autocomplete="off"
          aria-describedby="name-help"
        />
      </label>
      <p id="name-help">{camera.nameHelp}</p>
      {page.isCamera && <ManagedBy {...props} />}
      <button type="submit">{camera.save}</button>
    </form>
  );
}

function ManagedBy({ words, page }: Props): JSX.Element {
  const { camera, managers } = words;
  return (
    <>
      <label>
        {camera.manager}
        <select name="manager" aria-describedby="manager-help">
          {MANAGERS.map((manager) => (
            <option key={manager} value={manager} selected={manager === page.manager}>
              {managers[manager]}
            </option>
          ))}
        </select>
      </label>
      <p id="manager-help">{camera.managerHelp}</p>
    </>
  );
}

function Retire({ words, page }: Props): JSX.Element {
  const { camera } = words;
  return (
    <details id="retire">
      <summary>{camera.retire}</summary>
      <p>{camera.retireHelp}</p>
      <form method="post" action={`/cameras/${page.key}/retire`}>
        <button class="quiet" type="submit">
          {camera.retire}
        </button>
      </form>
    </details>
  );
}
