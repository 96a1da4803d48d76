package org.vmfinalize.formats.ovf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.kit.FolderFile;
import org.vmfinalize.formats.vmdk.SmallVmdk;

/// Descriptors that lie, each refused with what is wrong, and with nothing opened that lies outside.
class HostileOvfTest {

    @TempDir
    Path folder;

    record Damage(String message, UnaryOperator<String> change) {
        @Override
        public String toString() {
            return message;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void refuses(Damage damage) throws IOException {
        var contents = new SmallPackage().disk("disk1.vmdk", SmallVmdk.stream().toBytes())
                .disk("disk2.vmdk", SmallVmdk.sparse().toBytes());
        Path descriptor = contents.write(folder, damage.change().apply(contents.descriptor()));
        Files.delete(folder.resolve("vm.mf"));
        var file = new FolderFile(descriptor);

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new OvfFormat().open(file))
                .withMessageStartingWith(folder.toString()).withMessageContaining(damage.message())
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
        assertThat(file.isOpen()).isFalse();
        assertThat(file.siblings()).allMatch(sibling -> sibling.path().startsWith(folder));
    }

    static List<Damage> damages() {
        String laughs = """
                <!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>
                <Envelope""";
        return List.of(
                new Damage("must have no document type (DOCTYPE) but has one",
                        text -> replaced(text, "<Envelope", laughs)),
                new Damage("must have no document type (DOCTYPE) but has one",
                        text -> replaced(text, "<Envelope",
                                "<!DOCTYPE x SYSTEM \"file:///etc/passwd\">\n<Envelope")),
                new Damage("must be well-formed XML but is not, at line ",
                        text -> replaced(text, "</Name>", "&laughs;</Name>")),
                new Damage("must be well-formed XML but is not, at line ",
                        text -> text.substring(0, text.length() / 2)),
                new Damage("elements must be at most 64 deep but are deeper",
                        text -> replaced(text, "</Name>",
                                "</Name>" + "<a>".repeat(100) + "</a>".repeat(100))),
                new Damage("must have at most 100000 elements and attributes but has more",
                        text -> replaced(text, "</Name>", "</Name>" + "<a/>".repeat(100_000))),
                new Damage("must have at most 4194304 bytes but has ",
                        text -> text + " ".repeat(4 << 20)),
                new Damage("there must be at most 2000 Items but are ",
                        text -> replaced(text, "<vmw:Config",
                                "<Item><ResourceType>1</ResourceType></Item>".repeat(2000) + "<vmw:Config")),
                new Damage("or in the encoding that it states, but is not",
                        _ -> "<?xml version=\"1.0\" encoding=\"EBCDIC-37\"?><Envelope/>"),
                new Damage("the fileRef of the disk 'vmdisk0' must be the id of a File but was 'file9'",
                        text -> replaced(text, "ovf:fileRef=\"file0\"", "ovf:fileRef=\"file9\"")),
                new Damage("a File must have the attribute href but has not",
                        text -> replaced(text, "ovf:href=\"disk1.vmdk\"", "")),
                new Damage("must refer to a file",
                        text -> replaced(text, "\"disk1.vmdk\"", "\"/etc/passwd\"")),
                new Damage("must refer to a file", text -> replaced(text, "\"disk1.vmdk\"", "\"../../x\"")),
                new Damage("must refer to a file", text -> replaced(text, "\"disk1.vmdk\"", "\"%2e%2e/x\"")),
                new Damage("must refer to a file",
                        text -> replaced(text, "\"disk1.vmdk\"", "\"http://localhost/x\"")),
                new Damage("an href must be a relative URI but was '%zz'",
                        text -> replaced(text, "\"disk1.vmdk\"", "\"%zz\"")),
                new Damage("the File 'file0' must have its size of 5 bytes but",
                        text -> text.replaceFirst("ovf:size=\"\\d+\"", "ovf:size=\"5\"")),
                new Damage("the size of the File 'file0' must be a number but was '-5'",
                        text -> text.replaceFirst("ovf:size=\"\\d+\"", "ovf:size=\"-5\"")),
                new Damage(
                        "the compression of the File 'file0' must be identity but was 'gzip', which can be read from its start only; unpack the package",
                        text -> replaced(text, "<File ", "<File ovf:compression=\"gzip\" ")),
                new Damage("must refer to a file",
                        text -> replaced(text, "<File ", "<File ovf:chunkSize=\"70000000\" ")),
                new Damage("the File 'file0' must have 1..1024 chunks but has ",
                        text -> replaced(text, "<File ", "<File ovf:chunkSize=\"7\" ")),
                new Damage("the chunkSize of the File 'file0' must be a number but was '-7'",
                        text -> replaced(text, "<File ", "<File ovf:chunkSize=\"-7\" ")),
                new Damage("the File 'file0' in chunks must have its size but has not",
                        text -> replaced(text, "<File ", "<File ovf:chunkSize=\"7\" ")
                                .replaceAll("ovf:size=\"\\d+\"", "")),
                new Damage("the id of a File must be there once but 'file0' is there twice",
                        text -> text.replace("ovf:id=\"file1\"", "ovf:id=\"file0\"")),
                new Damage("the diskId must be there once but 'vmdisk0' is there twice",
                        text -> replaced(text, "ovf:diskId=\"vmdisk1\"", "ovf:diskId=\"vmdisk0\"")),
                new Damage("the disk 'vmdisk0' must not have a parentRef but has one",
                        text -> replaced(text, "<Disk ", "<Disk ovf:parentRef=\"vmdisk1\" ")),
                new Damage(
                        "the format of the disk 'vmdisk0' must be the URI of VMDK, qcow2, VHD, VHDX or raw",
                        text -> text.replaceAll("ovf:format=\"[^\"]*\"",
                                "ovf:format=\"http://example.com/vdi\"")),
                new Damage(
                        "the capacity of the disk 'vmdisk0' must be 1..70368744177664 bytes but was '${loop}' of 'byte * 2^10'",
                        text -> replaced(replaced(text, "ovf:fileRef=\"file0\"", ""), "ovf:capacity=\"64\"",
                                "ovf:capacity=\"${loop}\"")),
                new Damage(
                        "the capacity of the disk 'vmdisk0' must be 1..70368744177664 bytes but was '64' of 'byte * 2^70'",
                        text -> replaced(replaced(text, "ovf:fileRef=\"file0\"", ""), "byte * 2^10",
                                "byte * 2^70")),
                new Damage("must be ovf:/disk/ and the diskId of a Disk but was 'ovf:/file/file0'",
                        text -> replaced(text, "ovf:/disk/vmdisk0", "ovf:/file/file0")),
                new Damage("a disk must hang in one place but the disks are [vmdisk0, vmdisk0]",
                        text -> replaced(text, "ovf:/disk/vmdisk1", "ovf:/disk/vmdisk0")),
                new Damage("the Parent of 'Hard disk 10' must be the InstanceID of a controller but was '99'",
                        text -> replaced(text, "<rasd:Parent>3<", "<rasd:Parent>99<")),
                new Damage("the VirtualQuantity of '4 virtual CPU(s)' must be 1..4096 but was '0'",
                        text -> replaced(text, "<rasd:VirtualQuantity>4<", "<rasd:VirtualQuantity>0<")),
                new Damage(
                        "the VirtualQuantity of 'Item of type 4' must be 1..67108864 but was '99999999999999'",
                        text -> replaced(text, ">4096<", ">99999999999999<")),
                new Damage("the AllocationUnits of the memory must be a unit of bytes but were 'pages'",
                        text -> replaced(text, "byte * 2^20", "pages")),
                new Damage("the ResourceType of an Item must be a number but was 'x'",
                        text -> replaced(text, "<rasd:ResourceType>3<", "<rasd:ResourceType>x<")),
                new Damage(
                        "there must be one VirtualSystem but there are 2: 'vm-1', 'other'; choose one by a backup.yaml beside it with the keys ovf and virtualSystem",
                        text -> replaced(text, "</Envelope>",
                                "<VirtualSystem ovf:id=\"other\"/></Envelope>")),
                new Damage("there must be at least one disk but is none",
                        text -> text.replaceAll("(?s)<Item>\\s*<rasd:AddressOnParent>.*?</Item>", "")
                                .replaceAll("<Disk [^>]*>", "")),
                new Damage("; it is a disk of ",
                        text -> replaced(text, "\"disk1.vmdk\" ovf:size=\"7680\"", "\"vm.ovf\"")));
    }

    private static String replaced(String text, String part, String by) {
        int at = text.indexOf(part);
        assertThat(at).as("'%s' in the descriptor", part).isNotNegative();
        return text.substring(0, at) + by + text.substring(at + part.length());
    }
}
