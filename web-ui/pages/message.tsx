import type { JSX } from "preact";
import type { PartProps } from "../parts/frame.tsx";
import type { MessagePage } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: MessagePage;
}

export function Message({ words }: Props): JSX.Element {
  return <h1>{words.message.title}</h1>;
}
