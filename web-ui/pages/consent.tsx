import type { JSX } from "preact";
import type { Manager } from "../../agent/model/index.ts";
import type { PartProps } from "../parts/frame.tsx";
import { formatDate } from "../time.ts";
import type { ConsentPage, ConsentRow } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: ConsentPage;
}

const MONTHS: readonly number[] = [12, 6, 3, 1];
const MANAGERS: readonly Manager[] = ["site", "contractor", "service", "unknown"];

export function Consent({ frame, words, page }: Props): JSX.Element {
  const { consent } = words;
  return (
    <>
      <h1>{consent.title}</h1>
      <p>{consent.intro(frame.place ?? words.common.thisPlace)}</p>
      <ol class="steps">
        {consent.acts.map((act) => (
          <li key={act}>{act}</li>
        ))}
      </ol>
      <form method="post" action="/consent">
        <input type="hidden" name="text" value={page.textHash} />
        <fieldset>
          <legend>{consent.confirm}</legend>
          {consent.boxes.map((box, index) => (
            <label key={box} class="tick">
              <input type="checkbox" name={`box${index}`} value="yes" required />
              <span>{box}</span>
            </label>
          ))}
        </fieldset>
        <Managers frame={frame} words={words} page={page} />
        <label>
          {consent.person}
          <input name="person" required maxLength={60} autocomplete="name" value={page.person} />
        </label>
        <label>
          {consent.role}
          <input name="role" required maxLength={60} autocomplete="organization-title" value={page.role} />
        </label>
        <label>
          {consent.months}
          <select name="months">
            {MONTHS.map((months) => (
              <option key={months} value={months}>
                {consent.monthsOption(months)}
              </option>
            ))}
          </select>
        </label>
        <p class="pair">
          <button type="submit" name="levels" value="try">
            {consent.allow}
          </button>
          <button class="quiet" type="submit" name="levels" value="ask">
            {consent.lookOnly}
          </button>
        </p>
        <p>
          <small>{consent.law}</small>
        </p>
      </form>
      <h2>{consent.records}</h2>
      {page.records.length === 0 && <p>{consent.none}</p>}
      <ul class="cards">
        {page.records.map((record) => (
          <Record key={record.id} frame={frame} words={words} record={record} />
        ))}
      </ul>
    </>
  );
}

function Managers({ words, page }: Props): JSX.Element | null {
  if (page.cameras.length === 0) return null;
  return (
    <fieldset>
      <legend>{words.consent.managers}</legend>
      <p>{words.consent.managersHelp}</p>
      {page.cameras.map((camera) => (
        <label key={camera.id}>
          <bdi>{camera.name}</bdi>
          <select name={`manager:${camera.id}`}>
            {MANAGERS.map((manager) => (
              <option key={manager} value={manager} selected={manager === camera.manager}>
                {words.managers[manager]}
              </option>
            ))}
          </select>
        </label>
      ))}
    </fieldset>
  );
}

function Record({ words, record }: PartProps & { record: ConsentRow }): JSX.Element {
  const { consent } = words;
  const day = (iso: string): string => formatDate(iso, words.time);
  return (
    <li class="card">
      <p>{consent.record(record.person, record.role, day(record.from), day(record.until))}</p>
      <p>{record.tries ? consent.levelTry : consent.levelAsk}</p>
      {record.state === "expired" && <p>{consent.expired}</p>}
      {record.revokedAt && <p>{consent.withdrawn(day(record.revokedAt))}</p>}
      {record.state === "valid" && (
        <form method="post" action={`/consent/${record.id}/withdraw`}>
          <button class="quiet" type="submit">
            {consent.withdraw}
          </button>
        </form>
      )}
    </li>
  );
}
