import type { JSX } from "preact";
import type { Words } from "../locales/words/index.ts";

/** A door in plain words with its technical name, `rtsp:554`; anything else is text from the network. */
export function DoorName({ door, words }: { door: string; words: Words }): JSX.Element | string {
  const { doors } = words.camera;
  const hole = /^pinhole (\d{1,10})$/.exec(door)?.[1];
  if (hole !== undefined) return words.ways.hole(hole);
  if (door === "IPv6") return words.ways.ipv6;
  const [, protocol = ""] = /^([a-zA-Z]+)[: ]\d{1,5}$/.exec(door) ?? [];
  switch (protocol) {
    case "http":
      return doors.web(door);
    case "https":
      return doors.webEncrypted(door);
    case "rtsp":
      return doors.video(door);
    case "onvif":
      return doors.common(door);
    case "telnet":
      return doors.telnet(door);
    case "TCP":
    case "UDP":
      return doors.outside(door);
    default:
      return door === "" ? doors.whole : <bdi>{door}</bdi>;
  }
}
