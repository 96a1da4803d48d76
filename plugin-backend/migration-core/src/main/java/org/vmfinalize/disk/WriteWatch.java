package org.vmfinalize.disk;

/// Is told where a disk is written or zeroed, after the bytes are there and before the guest hears of it; also after a
/// write that failed half-way. It must return soon.
///
/// **Threads:** any number call it.
@FunctionalInterface
public interface WriteWatch {

    void written(long position, long length);
}
