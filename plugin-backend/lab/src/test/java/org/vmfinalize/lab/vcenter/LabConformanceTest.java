package org.vmfinalize.lab.vcenter;

import java.util.Optional;
import org.vmfinalize.vcenter.NfsMount;
import org.vmfinalize.vcenter.VCenterAddress;
import org.vmfinalize.vcenter.conformance.ConformanceTest;
import org.vmfinalize.vcenter.conformance.Target;

/// The lab's vCenter passes what any vCenter must pass.
class LabConformanceTest extends ConformanceTest {

    private static final String PASSWORD = "the-lab-s";

    @Override
    protected Target target() {
        var vcenter = new LabVCenter(0, PASSWORD, "unused");
        return new Target(
                new VCenterAddress(vcenter.sdk(), Optional.of(vcenter.thumbprint()), Optional.empty()),
                LabVCenter.ADMINISTRATOR, PASSWORD,
                Optional.of(new NfsMount("192.0.2.10", "/export", "conformance", false)),
                Optional.of(vcenter));
    }
}
