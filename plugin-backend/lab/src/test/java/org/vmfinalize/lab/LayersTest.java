package org.vmfinalize.lab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.core.importer.Locations;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.LocationProvider;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/// Who may know whom, for all modules. `docs/architecture.md` says it in words.
@AnalyzeClasses(locations = LayersTest.AllModules.class, importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {

    private static final String SPI = "org.vmfinalize.backup..";
    private static final String FORMATS = "org.vmfinalize.formats..";
    private static final String[] CORE = {"org.vmfinalize.disk..", "org.vmfinalize.hydration..",
            "org.vmfinalize.datastore..", "org.vmfinalize.finalization..", "org.vmfinalize.digest.."};
    private static final String NFS = "org.vmfinalize.nfs..";
    private static final String VCENTER = "org.vmfinalize.vcenter..";
    private static final String TRUST = "org.vmfinalize.trust..";
    private static final String PLACES = "org.vmfinalize.places..";
    private static final String PROVIDERS = "org.vmfinalize.providers..";
    private static final String SERVER = "org.vmfinalize.server..";
    private static final String[] COMMAND_LINE = {"org.vmfinalize.cli..", "org.vmfinalize.client..",
            "org.vmfinalize.console..", "org.vmfinalize.terminal..", "org.vmfinalize.units.."};
    private static final String RECEIPTS = "org.vmfinalize.receipts..";
    private static final String LAB = "org.vmfinalize.lab..";

    @ArchTest
    static final ArchRule theInterfaceOfFormatsKnowsNothingElseOfOurs = classes().that().resideInAPackage(SPI)
            .should()
            .onlyDependOnClassesThat().resideInAnyPackage(SPI, "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule aFormatKnowsTheInterfaceOnly = noClasses().that().resideInAPackage(FORMATS).should()
            .dependOnClassesThat().resideInAnyPackage(others(PLACES, NFS, VCENTER, PROVIDERS, SERVER, LAB));

    @ArchTest
    static final ArchRule theCoreKnowsNeitherFormatsNorServers = noClasses().that().resideInAnyPackage(CORE)
            .should().dependOnClassesThat()
            .resideInAnyPackage(FORMATS, PLACES, NFS, VCENTER, PROVIDERS, SERVER, LAB,
                    "org.springframework..",
                    "org.osgi..", "java.sql..");

    @ArchTest
    static final ArchRule theCoreUsesNoNetwork = noClasses().that().resideInAnyPackage(CORE).should()
            .dependOnClassesThat()
            .haveNameMatching(
                    "java\\.net\\.(http\\..*|URL.*|.*Socket.*)|java\\.nio\\.channels\\..*Socket.*|javax\\.net\\..*");

    @ArchTest
    static final ArchRule receiptsKnowTheCoreOnly = noClasses().that().resideInAPackage(RECEIPTS).should()
            .dependOnClassesThat()
            .resideInAnyPackage(FORMATS, NFS, VCENTER, PROVIDERS, SERVER, LAB, "org.springframework..",
                    "java.sql..");

    @ArchTest
    static final ArchRule theFileServerKnowsTheCoreOnly = noClasses().that().resideInAPackage(NFS).should()
            .dependOnClassesThat()
            .resideInAnyPackage(SPI, FORMATS, PLACES, VCENTER, PROVIDERS, SERVER, LAB,
                    "org.springframework..",
                    "org.dcache..",
                    "java.sql..");

    @ArchTest
    static final ArchRule theVCenterClientKnowsNothingOfOurs = noClasses().that().resideInAPackage(VCENTER)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    others(SPI, FORMATS, PLACES, NFS, PROVIDERS, SERVER, LAB, "org.springframework.."));

    @ArchTest
    static final ArchRule aPlaceKnowsTheInterfaceOnly = noClasses().that().resideInAPackage(PLACES).should()
            .dependOnClassesThat()
            .resideInAnyPackage(others(FORMATS, NFS, VCENTER, PROVIDERS, SERVER, LAB,
                    "org.springframework.."));

    @ArchTest
    static final ArchRule trustInServersKnowsNothingElseOfOurs = classes().that().resideInAPackage(TRUST)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(TRUST, "java..", "javax.net.ssl..", "org.jspecify..");

    @ArchTest
    static final ArchRule theCommandLineKnowsTheRestApiOnly = noClasses().that()
            .resideInAnyPackage(COMMAND_LINE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    others(SPI, FORMATS, NFS, VCENTER, PROVIDERS, SERVER, LAB, "org.springframework.."));

    @ArchTest
    static final ArchRule formatsAreReachedThroughTheirBundlesOnly = noClasses().that()
            .resideOutsideOfPackage(FORMATS)
            .should().dependOnClassesThat().resideInAPackage(FORMATS);

    @ArchTest
    static final ArchRule theHostOfBundlesKnowsNotTheServer = noClasses().that().resideInAPackage(PROVIDERS)
            .should()
            .dependOnClassesThat().resideInAnyPackage(SERVER, NFS, VCENTER, LAB);

    @ArchTest
    static final ArchRule theProductDoesNotKnowTheLab = noClasses().that().resideOutsideOfPackage(LAB)
            .should()
            .dependOnClassesThat().resideInAPackage(LAB);

    /// Except for the formats' host, which it asks what a backup holds where no other program can tell.
    @ArchTest
    static final ArchRule theLabUsesTheProductFromOutside = noClasses().that()
            .resideInAnyPackage("org.vmfinalize.lab", "org.vmfinalize.lab.guest..",
                    "org.vmfinalize.lab.backup..",
                    "org.vmfinalize.lab.report..")
            .should().dependOnClassesThat()
            .resideInAnyPackage("org.vmfinalize.disk..", "org.vmfinalize.hydration..",
                    "org.vmfinalize.finalization..", NFS, SERVER, FORMATS);

    @ArchTest
    static final ArchRule noPackagesUseEachOtherInACircle = slices().matching("org.vmfinalize.(**)").should()
            .beFreeOfCycles();

    /// The class path of the lab, and the formats, which are on nobody's class path.
    static final class AllModules implements LocationProvider {

        @Override
        public Set<Location> get(Class<?> testClass) {
            var locations = new HashSet<>(Locations.ofPackage("org.vmfinalize"));
            locations.add(Location.of(Path.of("..", "backup-formats", "target", "classes")));
            return locations;
        }
    }

    /// The core's packages and `more`.
    private static String[] others(String... more) {
        return Stream.concat(Arrays.stream(CORE), Arrays.stream(more))
                .toArray(String[]::new);
    }
}
