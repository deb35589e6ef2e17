import type { JSX } from "preact";
import { formatStamp } from "../time.ts";
import type { Mark, VisitCamera, VisitPoint, VisitResult, VisitView } from "../view-model/index.ts";
import type { PartProps } from "./frame.tsx";
import { MarkChip } from "./mark.tsx";
import { PaperHead, PrintBar, Signatures } from "./paper.tsx";

interface Props extends PartProps {
  readonly visit: VisitView;
}

const RESULTS: readonly VisitResult[] = ["fixed", "still", "unsettled", "new"];

/** Before and after on one sheet, for both to sign. No address, no model. */
export function VisitPaper({ frame, words, visit }: Props): JSX.Element {
  const { visit: say, common, report } = words;
  const stamp = (iso: string | null): string => (iso ? formatStamp(iso, words.time) : common.never);
  return (
    <>
      <PrintBar frame={frame} words={words}>
        <p>
          <a class="way" href="/visit">
            {say.title}
          </a>
        </p>
      </PrintBar>
      <article class="sheet">
        <PaperHead
          title={say.sheetTitle}
          items={[
            { label: report.place, value: frame.place ?? common.thisPlace },
            { label: say.visitor, value: `${visit.company} ${visit.person}` },
            { label: say.from, value: stamp(visit.from) },
            { label: say.to, value: visit.to ? stamp(visit.to) : say.ongoing },
          ]}
        />
        {!visit.checked && (
          <section class="band unknown">
            <h2>{say.notChecked}</h2>
          </section>
        )}
        <table class="rows two">
          <thead>
            <tr>
              <th scope="col">{say.camera}</th>
              <th scope="col">
                {say.before}
                <small>{say.lastCheck(stamp(visit.scanBefore))}</small>
              </th>
              <th scope="col">
                {say.after}
                <small>{say.lastCheck(stamp(visit.scanAfter))}</small>
              </th>
            </tr>
          </thead>
          <tbody>
            {visit.cameras.map((camera) => (
              <CameraRow key={camera.id} words={words} camera={camera} />
            ))}
          </tbody>
        </table>
        {RESULTS.map((result) => (
          <Points
            key={result}
            words={words}
            result={result}
            points={visit.points.filter((point) => point.result === result)}
          />
        ))}
        <Signatures words={words} title={say.signTitle} />
        <p class="paper-foot">
          <span>
            {say.number} <bdi>{visit.id}</bdi>
          </span>
          <span>
            {words.product.name} {frame.version}
          </span>
        </p>
      </article>
    </>
  );
}

function CameraRow({ words, camera }: { words: PartProps["words"]; camera: VisitCamera }): JSX.Element {
  return (
    <tr>
      <th scope="row">
        <bdi>{camera.name ?? words.report.unnamed(camera.number)}</bdi>
      </th>
      <td>
        <span class="label">{words.visit.before}</span>
        <State words={words} mark={camera.before} />
      </td>
      <td>
        <span class="label">{words.visit.after}</span>
        <State words={words} mark={camera.after} />
      </td>
    </tr>
  );
}

function State({ words, mark }: { words: PartProps["words"]; mark: Mark | null }): JSX.Element {
  return mark ? <MarkChip mark={mark} words={words} /> : <span>{words.visit.absent}</span>;
}

function Points({
  words,
  result,
  points,
}: {
  words: PartProps["words"];
  result: VisitResult;
  points: readonly VisitPoint[];
}): JSX.Element {
  const { visit, report, checks } = words;
  const nameOf = ({ camera }: VisitPoint): string =>
    camera ? (camera.name ?? report.unnamed(camera.number)) : report.elsewhere;
  return (
    <section class="came">
      <h2>{visit.sections[result](points.length)}</h2>
      {points.length === 0 ? (
        <p>{visit.none}</p>
      ) : (
        <ul>
          {points.map((point) => (
            <li key={point.id}>
              {result !== "fixed" && <MarkChip mark={point.mark} words={words} />} <bdi>{nameOf(point)}</bdi>:{" "}
              {checks[point.check]}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
