"""Forty questions about FOSDEM 2021 before it begins, and the talks that are expected first."""

from __future__ import annotations

FIRST: dict[str, list[str]] = {
    # What a talk is about.
    "rust": ["rust-webassembly-and"],
    "RUST async": ["lightning-fast-enclave"],
    "python async": ["dont-be-afraid-of-async"],
    "mypy": ["practical-advice-for"],
    "zig": ["welcome-to-the-zig", "zig-the-perfect-language", "mach-o-linker-in-zig", "create-an-android"],
    "go": ["deploy-a-go-http-server", "go-without-wires", "calling-python-from-go"],
    "docker": ["docker-is-no-more-what", "5-tips-to-create-secure", "using-libreoffice-with"],
    "guix": ["guix-workflow-language", "is-gnu-guix-a-minimal"],
    "jitsi": ["the-road-to-end-to-end", "challenges-running-jitsi"],
    "accessibility": ["latest-tech-great", "accessibility"],
    "webrtc music": ["can-webrtc-help"],
    "end to end encryption": ["the-road-to-end-to-end"],
    "secure boot": ["overview-of-secure-boot", "improving-the-secure", "secure-boot-without-uefi"],
    "raspberry pi": ["overview-of-the-open", "the-future-of-java-on"],
    "digital signature pdf": ["handling-pdf-digital", "document-security-and"],
    "kubernetes operator": ["hybrid-cloud-open-source", "kubevirt-opinionated", "operator-sdk-use-case"],
    "postgres indexes": ["improve-your-indexes"],
    "infodesk sunday": ["the-virtual-fosdem-2"],
    # A word while it is typed.
    "kube": ["let-there-be-topology"],
    "microk": ["state-of-microkernels-in"],
    # Compounds, signs and numbers.
    "open-source firmware": [
        "open-source-firmware",
        "building-an-interactive",
        "how-to-build-up-an",
        "open-source-firmware-2",
    ],
    "opensource wifi": ["openwifi-opensource-wifi"],
    "risc-v": ["embedded-linux-from", "penglai-enclave", "teep-trusted-execution", "the-ides-of-risc-v"],
    "ci/cd": ["introduction-of-the-ci", "the-road-to", "events-in-ci-cd"],
    "C++": ["the-sparselizard", "gpu-computing-made"],
    "HTTP/3": ["analysing-quic-and-http"],
    "0 A.D.": ["0-a-d-graphics"],
    "mariadb 10.6": ["mariadb-10-6-and-beyond"],
    "mysql 8.0": ["better-user-management", "making-mysql-8-0-xa"],
    "smb3": ["smb3-overboard"],
    # People, with the letters that a keyboard has.
    "zaitsev": ["why-public-database-as-a", "mariadb-observability", "performance-analysis-and"],
    "andy wingo": ["compiling-to-webassembly"],
    "wingo andy": ["compiling-to-webassembly"],
    "laetitia avrot": ["postgresql-waffles"],
    "oystein grovlen": ["rewrite-your-complex"],
    "Michal Zygowski": ["status-of-openpower"],
    "jürgen": ["putting-chaos-into"],
    "piñeiro vulkan": ["overview-of-the-open"],
    # A track and a room.
    "retrocomputing": ["welcome-to", "an-emulator-for-my-old"],
    "d.openchain": ["openchain-overview", "openchain-upfront"],
}
