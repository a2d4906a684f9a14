using System.Formats.Tar;
using System.IO.Compression;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Peers.Charts;

public sealed class ChartPackageTests
{
    [Test]
    public void A_package_has_the_files_of_a_chart_below_its_name() => Assert.That(
        Files(new ChartPackage("1.0.0")).Keys,
        Is.EquivalentTo(
        [
            "ocm-k8s-toolkit/Chart.yaml", "ocm-k8s-toolkit/values.yaml", "ocm-k8s-toolkit/values.schema.json",
            "ocm-k8s-toolkit/templates/configmap.yaml", "ocm-k8s-toolkit/templates/deployment.yaml",
        ]));

    [Test]
    public void The_version_is_in_the_metadata_of_package_and_artifact()
    {
        var chart = new ChartPackage("1.2.3");

        var metadata = JsonReading.Parse(Files(chart)["ocm-k8s-toolkit/Chart.yaml"]);

        Assert.That(metadata.Text("version"), Is.EqualTo("1.2.3"));
        Assert.That(JsonReading.Parse(System.Text.Encoding.UTF8.GetString(chart.Config)).Text("version"), Is.EqualTo("1.2.3"));
    }

    [Test]
    public void The_same_version_gives_the_same_package()
    {
        var other = new ChartPackage("1.0.0");

        Assert.That(new ChartPackage("1.0.0").Archive, Is.EqualTo(other.Archive));
    }

    private static Dictionary<string, string> Files(ChartPackage chart)
    {
        var files = new Dictionary<string, string>();
        using var archive = new GZipStream(new MemoryStream(chart.Archive), CompressionMode.Decompress);
        using var tar = new TarReader(archive);
        while (tar.GetNextEntry(copyData: true) is { } entry)
        {
            using var reader = new StreamReader(entry.DataStream!);
            files[entry.Name] = reader.ReadToEnd();
        }

        return files;
    }
}
