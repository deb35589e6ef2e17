// Facts from makers' manuals and the programs' own documents; order is likelihood. The port question asks them all.

/** HTTP or HTTPS: setup pages, picture servers, ONVIF, UPnP descriptions. */
export const WEB_PORTS: readonly number[] = [
  80, 443, 8080, 8000, 2020, 81, 88, 8081, 8443, 8899, 82, 8888, 8889, 8765, 1984, 49152,
];
/**
 * Web ports on which something else may listen for good reason: makers' own protocols, which wait without a word for a
 * frame they know (8000, over TLS 8443), and whatever was given the first dynamic port (RFC 6335, 6). What keeps silent
 * there or speaks another tongue is no web server, unless the device announced one.
 */
export const SHARED_WEB_PORTS: ReadonlySet<number> = new Set([8000, 8443, 49152]);
export const RTSP_PORTS: readonly number[] = [554, 8554, 5554, 10554, 322, 7441];
export const TELNET_PORTS: readonly number[] = [23, 2323];
/** Other services of cameras and recorders: FTP, SSH, RTMP and makers' own protocols. */
const OTHER_PORTS: readonly number[] = [21, 22, 34567, 37777, 9000, 1935];

/** Where TLS is tried before plain text. */
export const TLS_PORTS: ReadonlySet<number> = new Set([443, 8443, 322, 7441]);

/** These say most about a device; they come first and get a second chance. */
export const LIKELY_PORTS: readonly number[] = [80, 554, 443, 8080, 8554, 23, 8000, 2020];

/** In the order in which they are asked: a slow device that drops packets may use up the time before the last ones. */
export const USUAL_PORTS: readonly number[] = [
  ...new Set([...LIKELY_PORTS, ...RTSP_PORTS, ...TELNET_PORTS, ...WEB_PORTS, ...OTHER_PORTS]),
];
