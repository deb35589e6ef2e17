import type { JSX } from "preact";
import { formatDate, formatStamp } from "../time.ts";
import type {
  EvidenceDevice,
  EvidenceFinding,
  EvidenceResult,
  ReportPage,
  ReportSheet,
} from "../view-model/index.ts";
import { Facts } from "./findings.tsx";
import type { PartProps } from "./frame.tsx";
import { MarkChip } from "./mark.tsx";
import { PaperHead } from "./paper.tsx";
import { shortHash } from "./sheet.tsx";

/** The installer's pages: what was measured, door by door. It holds addresses, and never a password. */
export function Evidence({
  frame,
  words,
  page,
  sheet,
}: PartProps & { page: ReportPage; sheet: ReportSheet }): JSX.Element {
  const { report, common } = words;
  return (
    <article class="sheet evidence">
      <PaperHead
        title={report.evidenceTitle}
        items={[
          { label: report.place, value: sheet.place ?? common.thisPlace },
          {
            label: report.checkedAt,
            value: sheet.checkedAt ? formatStamp(sheet.checkedAt, words.time) : common.never,
          },
          { label: report.number, value: sheet.reportId },
          { label: report.hash, value: shortHash(sheet.hash) },
        ]}
      />
      <p>{report.evidenceKeep}</p>
      {page.devices.map((device) => (
        <DeviceRecord key={device.key} frame={frame} words={words} device={device} />
      ))}
    </article>
  );
}

function DeviceRecord({ frame, words, device }: PartProps & { device: EvidenceDevice }): JSX.Element {
  const { report } = words;
  return (
    <section class="record">
      <h2>
        <bdi>{device.name}</bdi> {device.mark && <MarkChip mark={device.mark} words={words} />}
      </h2>
      {device.missing && <p>{report.missing}</p>}
      <Facts facts={device.facts} />
      {device.findings.length === 0 && <p>{report.nothingOpen}</p>}
      {device.findings.map((finding) => (
        <FindingRecord key={finding.id} frame={frame} words={words} finding={finding} />
      ))}
      {device.results.length > 0 && (
        <table>
          <caption>{report.allResults}</caption>
          <thead>
            <tr>
              <th scope="col">{report.check}</th>
              <th scope="col">{report.outcome}</th>
            </tr>
          </thead>
          <tbody>
            {device.results.map((result) => (
              <ResultRecord key={`${result.check} ${result.subject}`} words={words} result={result} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function FindingRecord({ words, finding }: PartProps & { finding: EvidenceFinding }): JSX.Element {
  const { finding: label, time } = words;
  return (
    <div class="found">
      <h3>
        <MarkChip mark={finding.mark} words={words} /> {finding.title}
      </h3>
      <p>
        {finding.check} · {words.status.since(formatDate(finding.since, time))} ·{" "}
        {label.lastConfirmed(formatStamp(finding.lastConfirmed, time))}
        {finding.lastUnknown && ` ${label.unsettledSince(formatStamp(finding.lastUnknown, time))}`}
      </p>
      <Facts facts={finding.facts} />
    </div>
  );
}

function ResultRecord({ words, result }: { words: PartProps["words"]; result: EvidenceResult }): JSX.Element {
  const word = words.outcomes[result.outcome];
  return (
    <tr>
      <td>
        {words.checks[result.check]}
        <small>
          {result.check} <bdi>{result.subject}</bdi>
        </small>
      </td>
      <td>
        {result.mark ? <MarkChip mark={result.mark} words={words} word={word} /> : word}
        {result.because && <small>{result.because}</small>}
      </td>
    </tr>
  );
}
