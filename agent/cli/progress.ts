import { fillText, type Language, type OnProgress } from "../model/index.ts";
import type { Arguments } from "./arguments.ts";
import { cut, printable } from "./width.ts";
import { WORDS } from "./words.ts";

/**
 * Progress on standard error, so that standard output stays the result alone. A terminal gets one line that moves,
 * a file or a pipe one line a stage.
 */
function terminalProgress(stream: NodeJS.WriteStream, language: Language, quiet: boolean): OnProgress {
  const words = WORDS[language];
  const devices = new Set<string>();
  const settled = new Map<string, number>();
  let stage = "";
  const moving = stream.isTTY === true;
  return (event) => {
    if (event.type === "trouble")
      stream.write(`${moving ? "\r\u001b[K" : ""}! ${event.where}: ${printable(event.cause)}\n`);
    if (quiet) return;
    if (event.type === "device") devices.add(event.deviceId);
    if (event.type === "question") settled.set(event.deviceId, event.done / event.total);
    if (event.type === "stage") {
      stage = words.progress[event.stage];
      if (!moving) stream.write(`${stage}\n`);
    }
    if (!moving) return;
    const asked = [...settled.values()].filter((part) => part === 1).length;
    const count = settled.size > 0 ? ` ${asked}/${settled.size}` : devices.size > 0 ? ` ${devices.size}` : "";
    const label = event.type === "device" ? `  ${printable(event.label)}` : "";
    const end = event.type === "stage" && event.stage === "done" ? "\r\u001b[K" : "";
    stream.write(
      `\r\u001b[K${cut(fillText(`${stage}${count}${label}`, {}), (stream.columns ?? 80) - 1)}${end}`,
    );
  };
}

/** As the command line asked: words for people, or one ProgressEvent a line for programs. */
export function progressFor(
  { language, quiet, events }: Pick<Arguments, "language" | "quiet" | "events">,
  stream: NodeJS.WriteStream,
): OnProgress {
  if (!events) return terminalProgress(stream, language, quiet);
  return (event) => {
    stream.write(`${JSON.stringify(event)}\n`);
  };
}
