package org.vmfinalize.vcenter;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A session with one vCenter.
///
/// Every method may throw [VCenterFault], when vCenter refuses, and [VCenterUnavailableException], when it is away. A
/// session that was opened with a password logs in again by itself, once per call, when vCenter has forgotten it; a
/// session from a ticket cannot, and throws a fault [VCenterFault#NOT_AUTHENTICATED].
///
/// Methods that start a task in vCenter return when that task has ended well.
///
/// What only reads is repeated once when the connection breaks; nothing else is ever sent twice.
///
/// **Threads:** any number. Methods wait for the network: call them on virtual threads. An interrupt ends the wait
/// with [VCenterUnavailableException], and the thread stays interrupted.
public interface VCenter extends AutoCloseable {

    /// What vCenter says about itself. Was read when the session was opened: no call.
    AboutInfo about();

    /// Whose session it is. Was read when the session was opened: no call.
    UserSession user();

    /// Asks the time, which keeps the session from ending for want of use (after 30 minutes by default).
    void keepAlive();

    /// All virtual machines that the user may see, read in one call per thousand.
    List<VirtualMachine> virtualMachines();

    /// One virtual machine.
    VirtualMachine virtualMachine(MoRef vm);

    /// The virtual disks of one virtual machine, in the order of its devices.
    List<VirtualDisk> disks(MoRef vm);

    /// Begins a watch that follows nothing yet; it lasts until it is closed, whatever becomes of vCenter meanwhile.
    InventoryWatch watch(InventoryListener listener);

    /// Renames a virtual machine. vCenter refuses a name that another one in its folder has
    /// ([VCenterFault#DUPLICATE_NAME]).
    ///
    /// @param name 1 to 80 characters, of which none is a control character
    /// @throws IllegalArgumentException if the name cannot be one
    void rename(MoRef vm, String name);

    /// Makes a solution the manager of a virtual machine.
    void setManagedBy(MoRef vm, ManagedBy managedBy);

    /// Makes a virtual machine a regular one again. Nothing happens if it is one.
    void clearManagedBy(MoRef vm);

    /// Where a virtual machine is now and what its guest tells.
    MachineState state(MoRef vm);

    /// Names, UUIDs and folders of all virtual machines that the user may see.
    List<MachineIdentity> identities();

    /// The MAC addresses of a virtual machine's network cards, in lower case.
    Set<String> macAddresses(MoRef vm);

    /// Creates a virtual machine on disks that exist.
    MoRef createVm(VirtualMachineSpec spec);

    /// Starts a virtual machine. [VCenterFault#INVALID_POWER_STATE] if it runs.
    void powerOn(MoRef vm);

    /// Stops a virtual machine hard. [VCenterFault#INVALID_POWER_STATE] if it does not run.
    void powerOff(MoRef vm);

    /// Asks what speaks against a relocation. [RelocationCheck#NOTHING] from a vCenter that cannot tell.
    RelocationCheck checkRelocation(MoRef vm, Relocation relocation);

    /// Begins to make the disks of a virtual machine independent of their parents, by copying what is only in those; and
    /// returns once vCenter has taken the order. Not with snapshots.
    ///
    /// @return the task, which a [watch][#watch(InventoryListener)] tells of
    MoRef promoteDisks(MoRef vm);

    /// Begins to move a virtual machine, and returns once vCenter has taken the order.
    ///
    /// @return the task, which a [watch][#watch(InventoryListener)] tells of
    MoRef relocate(MoRef vm, Relocation relocation);

    /// Asks for a task to be cancelled; a [watch][#watch(InventoryListener)] tells when it is. Nothing happens if it is over
    /// already, or cannot be cancelled any more.
    void cancelTask(MoRef task);

    /// The relocation of a virtual machine that is queued or running, whoever began it.
    Optional<MoRef> relocationOf(MoRef vm);

    /// The task that makes its disks independent and is queued or running, whoever began it.
    Optional<MoRef> promotionOf(MoRef vm);

    /// Takes a virtual machine that does not run out of the inventory. Its files stay.
    void unregister(MoRef vm);

    /// Takes a virtual machine that does not run out of the inventory and deletes its files, those of its disks too.
    void destroy(MoRef vm);

    /// A setting that [VirtualMachineSpec#extraConfig()] gave to a virtual machine.
    Optional<String> setting(MoRef vm, String key);

    /// All hosts that the user may see.
    List<Host> hosts();

    /// The addresses of a host's VMkernel adapters, by which it mounts datastores; none if vCenter does not tell them.
    List<String> addresses(MoRef host);

    /// All datastores that the user may see, with what vCenter last saw of them.
    List<Datastore> datastores();

    /// The clusters, and the compute resources of hosts that are in none.
    List<ComputeResource> computeResources();

    /// All resource pools.
    List<ResourcePool> resourcePools();

    /// All folders of virtual machines, those of the data centres themselves included.
    List<Folder> vmFolders();

    /// The folder of virtual machines of the data centre that a compute resource is in.
    MoRef vmFolder(MoRef computeResource);

    /// All networks, those of distributed switches included.
    List<Network> networks();

    /// The versions of virtual hardware that a compute resource knows; none if it does not tell.
    List<HardwareVersion> hardwareVersions(MoRef computeResource);

    /// Mounts an export on one host. Done already with the same server, path and name: nothing happens.
    ///
    /// @return the datastore, which is the same for all hosts that mount the same export under the same name
    MoRef mountNfs(MoRef host, NfsMount mount);

    /// Looks at what would keep a host from letting go of a datastore. Changes nothing.
    UnmountObstacles unmountObstacles(MoRef host, MoRef datastore);

    /// Unmounts a datastore from one host. [VCenterFault#RESOURCE_IN_USE] while a virtual machine uses it.
    void unmount(MoRef host, MoRef datastore);

    /// The extension with that key, if it is registered.
    Optional<Extension> findExtension(String key);

    /// Registers an extension. [VCenterFault#INVALID_ARGUMENT] if its key is taken.
    void registerExtension(Extension extension);

    /// Replaces a registered extension. [VCenterFault#NOT_FOUND] if there is none of that key.
    ///
    /// @throws IllegalStateException if the registered one has properties that this client would lose
    void updateExtension(Extension extension);

    /// Takes a registration away. [VCenterFault#NOT_FOUND] if there is none.
    void unregisterExtension(String key);

    /// Makes a task on an entity, for work that we do.
    ///
    /// @param taskTypeId  one of a registered extension's
    /// @param initiatedBy whom the task list names as its initiator: the user for whom it is done, as
    ///                    [UserSession#userName()] says it
    ExtensionTask createTask(MoRef entity, String taskTypeId, String initiatedBy, boolean cancelable);

    /// Finds a task again that [#createTask(MoRef, String, String, boolean)] made. No call: whether it is still there shows
    /// when it is used.
    ExtensionTask task(MoRef task, String taskTypeId);

    /// The task that [#createTask(MoRef, String, String, boolean)] made on a virtual machine and that is queued or running.
    Optional<MoRef> ownTaskOf(MoRef vm, String taskTypeId);

    /// Adds an event to those of a virtual machine or of a host.
    void postEvent(MoRef object, ExtensionEvent event);

    /// Sets a custom attribute of a virtual machine. One that vCenter does not have for virtual machines is defined.
    ///
    /// @param value empty to clear it
    void setAttribute(MoRef vm, String name, String value);

    /// Takes the definition of a custom attribute away, and with it its values on all virtual machines.
    /// Nothing happens if there is none.
    void removeAttribute(String name);

    /// The alarm of that name at the inventory's root; empty if there is none, or one of another form.
    Optional<EventAlarm> findAlarm(String name);

    /// Defines an alarm at the inventory's root. One of that name is changed; one that is the same is left alone.
    void defineAlarm(EventAlarm alarm);

    /// Takes an alarm away from the inventory's root, and from all virtual machines. Nothing happens if there is none.
    void removeAlarm(String name);

    /// The folder at the top of the inventory, on which privileges hold for all of it. No call.
    MoRef rootFolder();

    /// Which of these privileges the session's user lacks on an entity.
    Set<String> missingPrivileges(MoRef entity, Collection<String> privileges);

    /// Whether the session's user has all these privileges on an entity.
    default boolean hasPrivileges(MoRef entity, Collection<String> privileges) {
        return missingPrivileges(entity, privileges).isEmpty();
    }

    /// Logs out. Never throws: a vCenter that is away ends the session by itself.
    @Override
    void close();
}
