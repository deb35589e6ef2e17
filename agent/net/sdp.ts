/** RFC 3551, 6: names of the payload types that need no `a=rtpmap`. */
const STATIC_ENCODINGS: ReadonlyMap<string, string> = new Map([
  ["0", "PCMU"],
  ["3", "GSM"],
  ["8", "PCMA"],
  ["9", "G722"],
  ["14", "MPA"],
  ["26", "JPEG"],
  ["31", "H261"],
  ["32", "MPV"],
  ["33", "MP2T"],
  ["34", "H263"],
]);
const MAX_MEDIA = 16;

/** Media lines of a session description (RFC 4566, 5.14 and 6) as `video H264`, `audio PCMU`; `video` when unnamed. */
export function sdpMedia(description: string): readonly string[] {
  const media: { type: string; format: string; encoding: string | undefined }[] = [];
  for (const line of description.split(/\r\n|\r|\n/)) {
    const opening = /^m=([a-z]{1,16})[ \t]+\d+(?:\/\d+)?[ \t]+\S+(?:[ \t]+([\w-]{1,32}))?/i.exec(line);
    if (opening && media.length === MAX_MEDIA) break;
    if (opening) {
      const format = opening[2] ?? "";
      media.push({ type: (opening[1] ?? "").toLowerCase(), format, encoding: STATIC_ENCODINGS.get(format) });
    }
    const current = media.at(-1);
    const map = /^a=rtpmap:(\d{1,3})[ \t]+([\w.+-]{1,32})/i.exec(line);
    if (current && map && map[1] === current.format) current.encoding = map[2];
  }
  return media.map(({ type, encoding }) => (encoding === undefined ? type : `${type} ${encoding}`));
}
