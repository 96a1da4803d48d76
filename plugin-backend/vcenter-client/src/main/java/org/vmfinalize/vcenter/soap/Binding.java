package org.vmfinalize.vcenter.soap;

import jakarta.xml.bind.JAXBContext;
import jakarta.xml.bind.JAXBException;
import jakarta.xml.bind.Marshaller;
import jakarta.xml.bind.Unmarshaller;
import org.vmfinalize.vcenter.soap.vim.AlarmTypes;
import org.vmfinalize.vcenter.soap.vim.Collector;
import org.vmfinalize.vcenter.soap.vim.Events;
import org.vmfinalize.vcenter.soap.vim.Extensions;
import org.vmfinalize.vcenter.soap.vim.Hosts;
import org.vmfinalize.vcenter.soap.vim.Machines;
import org.vmfinalize.vcenter.soap.vim.Service;
import org.vmfinalize.vcenter.soap.vim.Storage;
import org.vmfinalize.vcenter.soap.vim.Tasks;

/// The one JAXB context of all data types. Making it takes half a second, so it is made once, at the first call.
final class Binding {

    private static final JAXBContext CONTEXT = create();

    private Binding() {}

    /// A new marshaller, for one thread, that writes parts of a document.
    static Marshaller marshaller() throws JAXBException {
        var marshaller = CONTEXT.createMarshaller();
        marshaller.setProperty(Marshaller.JAXB_FRAGMENT, true);
        return marshaller;
    }

    /// A new unmarshaller, for one thread, that skips what it does not know.
    static Unmarshaller unmarshaller() throws JAXBException {
        return CONTEXT.createUnmarshaller();
    }

    private static JAXBContext create() {
        try {
            // Only the roots and those that appear in place of anything or of a base type: the rest is found from them.
            return JAXBContext.newInstance(Service.ServiceContent.class, Service.Session.class,
                    Service.EntityPrivilege.class, Collector.FilterSpec.class, Collector.TraversalSpec.class,
                    Collector.RetrieveOptions.class, Collector.WaitOptions.class,
                    Collector.RetrieveResult.class,
                    Collector.UpdateSet.class, Tasks.TaskInfo.class,
                    Tasks.VimFault.class, Tasks.RequestCanceled.class, Machines.ConfigSpec.class,
                    Machines.Disk.class,
                    Machines.ParaVirtualScsiController.class, Machines.LsiLogicController.class,
                    Machines.LsiLogicSasController.class, Machines.BusLogicController.class,
                    Machines.AhciController.class, Machines.NvmeController.class,
                    Machines.Vmxnet3.class, Machines.Vmxnet2.class, Machines.E1000.class,
                    Machines.E1000e.class, Machines.PcNet32.class, Machines.NetworkBacking.class,
                    Machines.PortBacking.class, Machines.ConfigOptionDescriptor.class,
                    Collector.ArrayOfReferences.class, Collector.ArrayOfStrings.class,
                    Machines.FlatBacking.class,
                    Machines.SeSparseBacking.class, Machines.SparseBacking.class,
                    Machines.RawDeviceBacking.class,
                    Machines.ArrayOfDevices.class, Machines.RelocateSpec.class,
                    Machines.ArrayOfCheckResults.class, Machines.ArrayOfOptions.class,
                    Storage.NasVolumeSpec.class, Storage.Summary.class,
                    Storage.NasInfo.class, Storage.IoControl.class, Storage.DasRuntimeInfo.class,
                    Storage.ArrayOfHostMounts.class, Hosts.ArrayOfAdapters.class,
                    Extensions.ExtensionInfo.class,
                    Events.EventEx.class, Events.ArrayOfFieldDefinitions.class, AlarmTypes.AlarmInfo.class);
        } catch (JAXBException e) {
            throw new IllegalStateException("the data types of vCenter's API do not fit together", e);
        }
    }
}
