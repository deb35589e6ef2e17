import type { JSX } from "preact";
import type { PartProps } from "../parts/frame.tsx";
import { PinForm } from "../parts/pin-form.tsx";
import { formatDate } from "../time.ts";
import type { AccessPage } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: AccessPage;
}

const DAYS: readonly number[] = [7, 1, 3, 30];

export function Access({ frame, words, page }: Props): JSX.Element {
  const { access } = words;
  if (page.invited) return <Invited frame={frame} words={words} invited={page.invited} />;
  return (
    <>
      <h1>{access.title}</h1>
      <p>{access.intro}</p>
      <Ways frame={frame} words={words} page={page} />
      <Invite frame={frame} words={words} page={page} />
      <h2>{page.pinSet ? access.changePin : access.setPin}</h2>
      {page.pinSet && <p>{access.pinOthers}</p>}
      <div class="box">
        <PinForm frame={frame} words={words} from="access" />
      </div>
      {page.mayHandOver && <HandOver frame={frame} words={words} page={page} />}
      <p class="section">
        <a href="/setup/place">{access.place}</a>
      </p>
    </>
  );
}

function Ways({ words, page }: Props): JSX.Element {
  const { access } = words;
  const { contractor, handedOverAt } = page;
  const day = (iso: string): string => formatDate(iso, words.time);
  return (
    <>
      <h2>{access.ways}</h2>
      <dl class="box ways">
        <div>
          <dt>{access.wayPin}</dt>
          <dd>{page.pinSet ? access.usable : access.noPin}</dd>
        </div>
        <div>
          <dt>{access.waySetup}</dt>
          <dd>{handedOverAt ? access.ended(day(handedOverAt)) : access.usable}</dd>
        </div>
        <div>
          <dt>{access.wayContractor}</dt>
          <dd>
            {contractor
              ? (contractor.ended ? access.expired : access.usableUntil)(
                  contractor.company,
                  day(contractor.until),
                )
              : access.noContractor}
          </dd>
        </div>
        <div>
          <dt>{access.wayOpen}</dt>
          <dd>{access.wayOpenSees}</dd>
        </div>
      </dl>
      {contractor && !contractor.ended && (
        <form method="post" action="/access/contractor/end">
          <button class="quiet" type="submit">
            {access.dismiss}
          </button>
        </form>
      )}
    </>
  );
}

function Invite({ words, page }: Props): JSX.Element {
  const { access } = words;
  return (
    <>
      <h2>{access.invite}</h2>
      <p>{access.inviteWhat}</p>
      {page.contractor && !page.contractor.ended && <p>{access.inviteReplaces}</p>}
      <form class="box" method="post" action="/access/contractor">
        <label>
          {access.company}
          <input name="company" required maxLength={60} value={page.contractor?.company ?? ""} />
        </label>
        <label>
          {access.days}
          <select name="days">
            {DAYS.toSorted((one, other) => one - other).map((days) => (
              <option key={days} value={days} selected={days === DAYS[0]}>
                {access.daysOption(days)}
              </option>
            ))}
          </select>
        </label>
        <button type="submit">{access.inviteButton}</button>
      </form>
    </>
  );
}

/** The only time that the code is shown: in two groups, as it is read out; the blank does no harm when pasted. */
function Invited({
  frame,
  words,
  invited,
}: PartProps & { invited: NonNullable<AccessPage["invited"]> }): JSX.Element {
  const { access } = words;
  const { code, company, until } = invited;
  return (
    <>
      <h1>{access.invited}</h1>
      <p class="box shown-code">{`${code.slice(0, 4)} ${code.slice(4)}`}</p>
      <p>{access.usableUntil(company, formatDate(until, words.time))}</p>
      <p class="stopped">{access.invitedOnce}</p>
      {frame.address && (
        <>
          <p>{access.invitedHow}</p>
          <p>
            <bdi>{frame.address}</bdi>
          </p>
        </>
      )}
      <p class="act">
        <a class="button quiet" href="/access">
          {access.back}
        </a>
      </p>
    </>
  );
}

function HandOver({ words, page }: Props): JSX.Element {
  const { access, notices } = words;
  return (
    <>
      <h2>{access.handOver}</h2>
      <ol class="steps">
        {access.handOverWhat.map((what) => (
          <li key={what}>{what}</li>
        ))}
      </ol>
      <p>{access.handOverLost}</p>
      {page.pinSet ? (
        <form class="box" method="post" action="/access/hand-over">
          <label class="tick">
            <input type="checkbox" name="sure" value="yes" required />
            <span>{access.handOverSure}</span>
          </label>
          <button type="submit">{access.handOverButton}</button>
        </form>
      ) : (
        <p class="box">{notices["pin-first"]}</p>
      )}
    </>
  );
}
