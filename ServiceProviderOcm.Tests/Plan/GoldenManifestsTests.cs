using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

public sealed class GoldenManifestsTests
{
    // As a ProviderConfig may have them: Helm distinguishes 1 from 1.0, and quoted from unquoted text.
    private const string Values =
        """{"replicas":1,"ratio":1.0,"large":12345678901234567890,"short":1e3,"nothing":null,"manager":{"imagePullSecrets":[{"name":"registry"}]},"tag":"1.10"}""";

    private static readonly ObjectKey Ocm = new("project-team", "alpha");

    private static readonly ChartInputs Plain = new(
        new ChartSource("oci://ghcr.io/open-component-model/kubernetes/controller/chart", "", HelmValues.Default, [], []), "0.4.0");

    private static readonly ChartInputs Full = Plain with
    {
        Source = Plain.Source with { PullSecret = An.PullSecret, Values = HelmValues.Of(KubeObject.Parse(Values).Json) },
    };

    // Built again for each test: mutation testing changes the code between two tests of one process.
    private static (string File, KubeObject Manifest)[] All =>
    [
        ("access-request", Manifests.AccessRequest(An.Identity, Ocm, An.Tenant)),
        ("access-request-with-objects-on-control-plane", Manifests.AccessRequest(An.Identity, Ocm, An.Tenant, hasControlPlaneObjects: true)),
        ("secret-copy", Manifests.SecretCopy(An.Identity, Ocm, An.Tenant, An.Source())),
        ("oci-repository", Manifests.OciRepository(An.Identity, Ocm, An.Tenant, Plain, CaBundle.None)),
        ("oci-repository-with-pull-secret", Manifests.OciRepository(An.Identity, Ocm, An.Tenant, Full, CaBundle.None)),
        ("oci-repository-with-ca-bundle", Manifests.OciRepository(An.Identity, Ocm, An.Tenant, Plain, An.CaBundle)),
        ("ca-bundle-secret", Manifests.CaBundleSecret(An.Identity, Ocm, An.Tenant, An.CaBundle)),
        ("ca-bundle-config-map", Manifests.CaBundleConfigMap(An.Identity, An.CaBundle)),
        ("toolkit-namespace", Manifests.Namespace()),
        ("toolkit-pull-secret", Manifests.ToolkitPullSecret(An.Identity, An.Source())),
        ("helm-release", Manifests.HelmRelease(An.Identity, Ocm, An.Tenant, Plain, "access-kubeconfig", CaBundle.None)),
        ("helm-release-with-ca-bundle", Manifests.HelmRelease(An.Identity, Ocm, An.Tenant, Plain, "access-kubeconfig", An.CaBundle with { IsInjected = true })),
        ("helm-release-with-values", Manifests.HelmRelease(An.Identity, Ocm, An.Tenant, Full, "access-kubeconfig", CaBundle.None)),
    ];

    [TestCaseSource(nameof(Files))]
    public void Manifests_equal_those_of_the_contract(string file)
    {
        var manifest = All.Single(each => each.File == file).Manifest;
        var golden = File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Plan", "Golden", $"{file}.json"));

        PlanReading.IsJson(manifest.Json, golden);
    }

    [Test]
    public void Helm_values_are_passed_on_unchanged()
    {
        var values = Manifests.HelmRelease(An.Identity, Ocm, An.Tenant, Full, "access-kubeconfig", CaBundle.None).Json.At("spec", "values")!.Value;

        Assert.That(values.GetRawText(), Is.EqualTo(Values));
    }

    [Test]
    public void Only_data_and_type_of_a_source_Secret_are_copied()
    {
        var source = An.Source().Patched(
            """{ "immutable": true, "metadata": { "labels": { "a": "b" }, "annotations": { "c": "d" }, "uid": "u", "resourceVersion": "5" } }""");

        var copy = Manifests.SecretCopy(An.Identity, Ocm, An.Tenant, source);

        Assert.That(JsonElement.DeepEquals(copy.Json, Manifests.SecretCopy(An.Identity, Ocm, An.Tenant, An.Source()).Json), Is.True);
    }

    [Test]
    public void A_source_Secret_without_data_has_a_copy_without_data()
    {
        var copy = Manifests.SecretCopy(An.Identity, Ocm, An.Tenant, An.Source().Patched("""{ "data": null }"""));

        PlanReading.IsJson(copy.Json.At("data")!.Value, "{}");
    }

    [Test]
    public void Long_names_are_shortened_in_names_and_labels()
    {
        var ocm = new ObjectKey(new string('n', 63), new string('o', 200));

        foreach (var manifest in new[]
        {
            Manifests.AccessRequest(An.Identity, ocm, An.Tenant),
            Manifests.OciRepository(An.Identity, ocm, An.Tenant, Plain, CaBundle.None),
            Manifests.SecretCopy(An.Identity, ocm, An.Tenant, An.Source(new string('s', 253))),
        })
        {
            Assert.That(manifest.Name, Has.Length.LessThanOrEqualTo(63));
            Assert.That(manifest.Labels.Values, Has.All.Length.LessThanOrEqualTo(63));
        }

        Assert.That(
            Manifests.AccessRequest(An.Identity, ocm, An.Tenant).Json.Text("spec", "requestRef", "name"),
            Is.EqualTo(ocm.Name),
            "a reference must be exact");
    }

    [Test]
    public void Names_and_labels_have_the_renamed_group()
    {
        var renamed = An.Identity with { Api = new ProviderApi(ProviderApi.RenamedGroup) };

        var request = Manifests.AccessRequest(renamed, Ocm, An.Tenant);

        Assert.That(request.Name, Is.EqualTo("ocm.services.open-control-plane.io--alpha--mcp"));
        Assert.That(request.Labels["openmcp.cloud/managed-by"], Is.EqualTo(ProviderApi.RenamedGroup));
        Assert.That(request.Finalizers, Is.EqualTo(["clusters.openmcp.cloud/clusteraccess"]));
    }

    [Test]
    public void The_selector_of_Secret_copies_matches_their_labels()
    {
        var labels = Manifests.SecretCopy(An.Identity, Ocm, An.Tenant, An.Source()).Labels;

        Assert.That(
            ObjectNames.CopySelector(An.Identity.Api).Split(','),
            Is.SubsetOf(labels.Select(label => $"{label.Key}={label.Value}")));
    }

    [Test]
    public void The_prefix_of_AccessRequests_matches_their_names()
    {
        foreach (var name in (string[])["alpha", new string('o', 253)])
        {
            Assert.That(
                ObjectNames.AccessRequest(An.Identity.Api, name), Does.StartWith(ObjectNames.AccessRequestPrefix(An.Identity.Api)));
        }
    }

    private static IEnumerable<string> Files() => All.Select(each => each.File);
}
