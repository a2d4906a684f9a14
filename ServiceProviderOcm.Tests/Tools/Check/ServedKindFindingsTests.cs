using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Tools.Check;

namespace ServiceProviderOcm.Tests.Tools.Check;

public sealed class ServedKindFindingsTests
{
    [TestCase("v1,v1beta2", FindingStatus.Ok, "OCIRepository is served as v1, v1beta2.")]
    [TestCase("v1beta2", FindingStatus.Failed, "as v1beta2 only, and not as v1")]
    [TestCase("", FindingStatus.Failed, "does not know ocirepositories.source.toolkit.fluxcd.io (v1)")]
    public void The_version_that_is_needed_has_to_be_among_those_served(string served, FindingStatus status, string said)
    {
        var finding = ServedKindFindings.Of(
            "name", "platform cluster", Kinds.OciRepository, served.Split(',', StringSplitOptions.RemoveEmptyEntries), "Install Flux.");

        Assert.That(finding.Status, Is.EqualTo(status));
        Assert.That(finding.Message, Does.Contain(said));
        Assert.That(finding.Cure, Is.EqualTo(status == FindingStatus.Ok ? null : "Install Flux."));
    }
}
