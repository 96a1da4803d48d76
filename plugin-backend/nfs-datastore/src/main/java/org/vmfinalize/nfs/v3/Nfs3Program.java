package org.vmfinalize.nfs.v3;

import java.util.concurrent.Executor;
import java.util.function.Function;
import org.vmfinalize.nfs.export.ExportTree;
import org.vmfinalize.nfs.export.Exports;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.rpc.RpcLimits;
import org.vmfinalize.nfs.rpc.RpcProgram;
import org.vmfinalize.nfs.xdr.XdrException;

/// The program NFS, version 3 (RFC 1813, section 3).
///
/// **Threads:** any number.
public final class Nfs3Program implements RpcProgram {

    public static final int NUMBER = 100003;
    public static final int VERSION = 3;

    private static final int NULL = 0;

    /// By their numbers.
    private final Procedure[] procedures;

    /// @param disk runs what waits for an export's device: platform threads
    /// @param waiting runs what waits for a backup: virtual threads, as many as there are calls in flight
    /// @param backupUnavailable what a client is told when the backup cannot be read in time
    /// @param everyWriteStable whether also writes that may be unstable are durable before they are acknowledged
    public Nfs3Program(Exports exports, Function<ExportTree, Executor> disk, Executor waiting,
            NfsStatus backupUnavailable,
            boolean everyWriteStable) {
        ReplayCache replays = new ReplayCache();
        Answers answers = new Answers(new Failures(backupUnavailable), replays, disk, exports::isKnown);
        AttributeProcedures attributes = new AttributeProcedures(exports, answers);
        LookupProcedures lookups = new LookupProcedures(exports, answers);
        CreateProcedures creations = new CreateProcedures(exports, answers);
        RemoveProcedures removals = new RemoveProcedures(exports, answers);
        DirectoryProcedures directories = new DirectoryProcedures(exports, answers);
        FileSystemProcedures fileSystems = new FileSystemProcedures(exports, answers);
        WriteProcedures writes = new WriteProcedures(exports, answers, replays, waiting,
                everyWriteStable ? WriteProcedures.FILE_SYNC : WriteProcedures.UNSTABLE);
        UnsupportedProcedures unsupported = new UnsupportedProcedures(exports, answers);
        procedures = new Procedure[]{Nfs3Program::answerNull, attributes::getattr, attributes::setattr,
                lookups::lookup,
                attributes::access, lookups::readlink, new ReadProcedure(exports, answers, waiting)::read,
                writes::write,
                creations::create, creations::mkdir, unsupported::symlink, unsupported::mknod,
                removals::remove,
                removals::rmdir, removals::rename, unsupported::link, directories::readdir,
                directories::readdirplus,
                fileSystems::fsstat, fileSystems::fsinfo, fileSystems::pathconf, writes::commit};
    }

    /// Limits that fit the largest READ and WRITE.
    public static RpcLimits limits() {
        return RpcLimits.forPayload(FileSystemProcedures.MAX_TRANSFER);
    }

    private static void answerNull(Call call) throws XdrException {
        call.arguments().end();
        call.begin(0);
        call.send();
    }

    @Override
    public int number() {
        return NUMBER;
    }

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public int procedureCount() {
        return procedures.length;
    }

    @Override
    public boolean allowsAnonymous(int procedure) {
        return procedure == NULL;
    }

    @Override
    public void call(Call call) throws XdrException {
        procedures[call.procedure()].call(call);
    }
}
