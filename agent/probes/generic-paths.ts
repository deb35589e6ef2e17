// Paths that makers' own documents give for pictures and streams, for devices whose maker is not known: CGI and RTSP
// references of camera makers, tables of snapshot addresses in recorder manuals, Frigate's camera pages, and the READMEs
// of free camera and streaming programs; read 2026-11-20.

/** Still pictures and MJPEG over HTTP; the programs' own pages first, then what several makers share. */
export const GENERIC_PICTURE_PATHS: readonly string[] = [
  "/",
  "/snapshot",
  "/stream",
  "/?action=snapshot",
  "/snapshot.jpg",
  "/snapshot.cgi",
  "/snap.jpg",
  "/image.jpg",
  "/jpg/image.jpg",
  "/mjpg/video.mjpg",
  "/onvif-http/snapshot?Profile_1",
  "/onvif/snapshot",
  "/cgi-bin/snapshot.cgi",
  "/ISAPI/Streaming/channels/101/picture",
  "/SnapshotJPEG?Resolution=640x480",
  "/cgi-bin/camera?resolution=640",
  "/-wvhttp-01-/GetOneShot?image_size=640x480&frame_count=1",
  "/oneshotimage.jpg",
  "/videostream.cgi",
  "/tmpfs/auto.jpg",
];

/** Streams over RTSP. */
export const GENERIC_RTSP_PATHS: readonly string[] = [
  "/Streaming/Channels/101",
  "/cam/realmonitor?channel=1&subtype=0",
  "/h264/ch1/main/av_stream",
  "/MediaInput/h264",
  "/media/video1",
  "/stream1",
  "/h264Preview_01_main",
  "/profile2/media.smp",
  "/mpeg4/media.amp",
  "/live.sdp",
  "/ipcam_h264.sdp",
  "/live/ch0",
  "/live",
  "/stream",
  "/11",
  "/test",
];
