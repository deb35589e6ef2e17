import type { JSX } from "preact";
import type { PartProps } from "../parts/frame.tsx";
import type { AccessPage } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: AccessPage;
}

export function Access({ words }: Props): JSX.Element {
  return <h1>{words.access.title}</h1>;
}
