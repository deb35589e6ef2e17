"""A camera's RTSP service with GStreamer's own server (gst-rtsp-server).

Usage: rtsp-camera.py ADDRESS PORT PATH open|basic|digest [USER PASSWORD]
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

H264 = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=5 ! rtph264pay name=pay0 pt=96"
JPEG = "jpegenc ! rtpjpegpay name=pay0 pt=26"


def pipeline() -> str:
    encoder = H264 if Gst.ElementFactory.find("x264enc") else JPEG
    return f"( videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=2/1 ! {encoder} )"


def require_login(server, factory, method: str, user: str, password: str) -> None:
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    if method == "basic":
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC)
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    else:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(user, password, token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("viewer", "media.factory.access", True)
    permissions.add_permission_for_role("viewer", "media.factory.construct", True)
    factory.set_permissions(permissions)


def main() -> None:
    address, port, path, method, *login = sys.argv[1:]
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address(address)
    server.set_service(port)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(pipeline())
    factory.set_shared(True)
    if method != "open":
        require_login(server, factory, method, *login)
    server.get_mount_points().add_factory(path, factory)
    if server.attach(None) == 0:
        sys.exit(f"cannot listen on {address}:{port}")
    GLib.MainLoop().run()


main()
