import type { JSX } from "preact";
import type { PartProps } from "../parts/frame.tsx";
import type { SetupPage } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: SetupPage;
}

export function Setup({ words }: Props): JSX.Element {
  return <h1>{words.setup.title}</h1>;
}
