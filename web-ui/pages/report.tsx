import type { JSX } from "preact";
import { Evidence } from "../parts/evidence.tsx";
import type { PartProps } from "../parts/frame.tsx";
import { PrintBar } from "../parts/paper.tsx";
import { Sheet, shortHash } from "../parts/sheet.tsx";
import { formatStamp } from "../time.ts";
import type { ReportPage, ReportSheet, SignOffRow } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: ReportPage;
}

export function Report({ frame, words, page }: Props): JSX.Element {
  const { sheet, shows } = page;
  const { report } = words;
  if (sheet === null) {
    return (
      <>
        <h1>{report.title}</h1>
        <p>{words.status.notYet}</p>
      </>
    );
  }
  const ways = [
    { of: "sheet", href: "/report", label: report.sheetOnly },
    { of: "both", href: "/report?evidence=1", label: report.withEvidence },
    { of: "evidence", href: "/report/evidence", label: report.evidenceOnly },
  ];
  return (
    <>
      <PrintBar frame={frame} words={words}>
        {(frame.technical || shows !== "sheet") && (
          <ul>
            {ways
              .filter(({ of }) => of !== shows)
              .map(({ of, href, label }) => (
                <li key={of}>
                  <a href={href}>{label}</a>
                </li>
              ))}
          </ul>
        )}
        {sheet.unfinished && <p class="stopped">{report.unfinished}</p>}
      </PrintBar>
      {shows !== "evidence" && <Sheet frame={frame} words={words} sheet={sheet} />}
      {shows !== "sheet" && <Evidence frame={frame} words={words} page={page} sheet={sheet} />}
      {shows === "sheet" && <SignOffs frame={frame} words={words} page={page} />}
      {shows === "sheet" && frame.mayDecide && !sheet.unfinished && (
        <RecordSignatures frame={frame} words={words} sheet={sheet} />
      )}
    </>
  );
}

function SignOffs({ words, page }: Props): JSX.Element {
  const { report } = words;
  return (
    <section class="screen">
      <h2>{report.listTitle}</h2>
      {page.signOffs.length === 0 && <p>{report.listEmpty}</p>}
      <ul class="cards">
        {page.signOffs.map((one) => (
          <Signed key={one.id} words={words} one={one} />
        ))}
      </ul>
    </section>
  );
}

function Signed({ words, one }: { words: PartProps["words"]; one: SignOffRow }): JSX.Element {
  const { report } = words;
  return (
    <li class="card">
      <p>
        <b>{formatStamp(one.at, words.time)}</b>
      </p>
      <p>
        {report.siteSide}: <bdi>{one.site || report.unsigned}</bdi>
      </p>
      <p>
        {report.contractorSide}: <bdi>{one.contractor || report.unsigned}</bdi>
      </p>
      <p>{report.states[one.state]}</p>
      <p>
        <small>
          {report.hash} {shortHash(one.hash)}
        </small>
      </p>
    </li>
  );
}

function RecordSignatures({ words, sheet }: PartProps & { sheet: ReportSheet }): JSX.Element {
  const { report } = words;
  return (
    <form class="box screen" method="post" action="/report/sign">
      <h2>{report.recordTitle}</h2>
      <p>{report.recordWhy}</p>
      <p>{report.recordMatch(shortHash(sheet.hash))}</p>
      <input type="hidden" name="hash" value={sheet.hash} />
      <label>
        {report.siteName}
        <input name="site" maxLength={60} autocomplete="off" />
      </label>
      <label>
        {report.contractorName}
        <input name="contractor" maxLength={80} autocomplete="off" />
      </label>
      <p>{report.oneSide}</p>
      <button type="submit">{report.record}</button>
    </form>
  );
}
