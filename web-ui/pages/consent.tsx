import type { JSX } from "preact";
import type { Manager } from "../../agent/model/index.ts";
import type { PartProps } from "../parts/frame.tsx";
import { Trail } from "../parts/trail.tsx";
import { formatDate } from "../time.ts";
import type { ConsentPage, ConsentRow } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: ConsentPage;
}

const MONTHS: readonly number[] = [12, 6, 3, 1];
const MANAGERS: readonly Manager[] = ["site", "contractor", "service", "unknown"];

/** While nothing is allowed the form comes first; afterwards what is allowed, with its way back. */
export function Consent({ frame, words, page }: Props): JSX.Element {
  const { consent } = words;
  const valid = page.records.some(({ state }) => state === "valid");
  const form = page.sealed ? null : frame.mayDecide ? (
    <ConsentForm frame={frame} words={words} page={page} />
  ) : (
    <p class="box">{consent.whoMay}</p>
  );
  return (
    <>
      {page.trail && <Trail frame={frame} words={words} trail={page.trail} />}
      <h1>{consent.title}</h1>
      <p>{consent.intro(frame.place ?? words.common.thisPlace)}</p>
      <ol class="steps">
        {consent.acts.map((act) => (
          <li key={act}>{act}</li>
        ))}
      </ol>
      {!valid && form}
      <Records frame={frame} words={words} page={page} />
      {valid && frame.mayDecide && form && (
        <details id="renew" open={page.person !== "" || page.role !== "" || page.trail !== null}>
          <summary>{consent.renew}</summary>
          {form}
        </details>
      )}
      {valid && !frame.mayDecide && form}
    </>
  );
}

function ConsentForm({ frame, words, page }: Props): JSX.Element {
  const { consent } = words;
  return (
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
  );
}

/** What was said before is only read; what nobody could say yet is asked. Both are sent as they are shown. */
function Managers({ words, page }: Props): JSX.Element | null {
  if (page.cameras.length === 0) return null;
  const said = page.cameras.filter(({ manager }) => manager !== "unknown");
  const asked = page.cameras.filter(({ manager }) => manager === "unknown");
  return (
    <fieldset>
      <legend>{said.length > 0 ? words.consent.managersSaid : words.consent.managers}</legend>
      <p>{words.consent.managersHelp}</p>
      {said.length > 0 && (
        <>
          <dl class="managed">
            {said.map(({ id, name, manager }) => (
              <div key={id}>
                <dt>
                  <bdi>{name}</bdi>
                </dt>
                <dd>
                  {words.managers[manager]}
                  <input type="hidden" name={`manager:${id}`} value={manager} />
                </dd>
              </div>
            ))}
          </dl>
          <p class="plain">
            <a href="/setup/cameras">{words.consent.managersChange}</a>
          </p>
        </>
      )}
      {said.length > 0 && asked.length > 0 && <p>{words.consent.managers}</p>}
      {asked.map(({ id, name, manager }) => (
        <label key={id}>
          <bdi>{name}</bdi>
          <select name={`manager:${id}`}>
            {MANAGERS.map((one) => (
              <option key={one} value={one} selected={one === manager}>
                {words.managers[one]}
              </option>
            ))}
          </select>
        </label>
      ))}
    </fieldset>
  );
}

function Records({ frame, words, page }: Props): JSX.Element {
  const { consent } = words;
  return (
    <>
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

function Record({ frame, words, record }: PartProps & { record: ConsentRow }): JSX.Element {
  const { consent } = words;
  const day = (iso: string): string => formatDate(iso, words.time);
  const [from, until] = [day(record.from), day(record.until)];
  return (
    <li class="card">
      <p>
        {record.person
          ? consent.record(record.person, record.role, from, until)
          : consent.recordSealed(from, until)}
      </p>
      <p>{record.tries ? consent.levelTry : consent.levelAsk}</p>
      {record.state === "expired" && <p>{consent.expired}</p>}
      {record.revokedAt && <p>{consent.withdrawn(day(record.revokedAt))}</p>}
      {record.state === "valid" && frame.mayDecide && (
        <form method="post" action={`/consent/${record.id}/withdraw`}>
          <button class="quiet" type="submit">
            {consent.withdraw}
          </button>
        </form>
      )}
    </li>
  );
}
