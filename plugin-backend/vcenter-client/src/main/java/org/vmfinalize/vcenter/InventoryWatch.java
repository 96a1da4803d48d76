package org.vmfinalize.vcenter;

/// A running watch of the inventory. Closing ends it and waits until the listener is not called any more.
public interface InventoryWatch extends AutoCloseable {

    @Override
    void close();
}
