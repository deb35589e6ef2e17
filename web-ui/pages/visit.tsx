import type { JSX } from "preact";
import type { PartProps } from "../parts/frame.tsx";
import type { VisitPage } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: VisitPage;
}

export function Visit({ words }: Props): JSX.Element {
  return <h1>{words.visit.title}</h1>;
}
