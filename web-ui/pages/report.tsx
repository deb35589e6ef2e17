import type { JSX } from "preact";
import type { PartProps } from "../parts/frame.tsx";
import type { ReportPage } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: ReportPage;
}

export function Report({ words }: Props): JSX.Element {
  return <h1>{words.report.title}</h1>;
}
