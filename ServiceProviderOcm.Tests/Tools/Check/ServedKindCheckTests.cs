using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Tools.Check;

namespace ServiceProviderOcm.Tests.Tools.Check;

public sealed class ServedKindCheckTests
{
    [TestCase("v1,v1beta2", CheckStatus.Ok, "OCIRepository is served as v1, v1beta2.")]
    [TestCase("v1beta2", CheckStatus.Failed, "/v1 is not served by the platform cluster, only v1beta2")]
    [TestCase("", CheckStatus.Failed, "ocirepositories.source.toolkit.fluxcd.io/v1 is not served")]
    public void A_kind_that_is_not_served_in_the_required_version_fails(string served, CheckStatus status, string said)
    {
        var result = ServedKindCheck.Of(
            "name", "platform cluster", PlatformKinds.OciRepository, served.Split(',', StringSplitOptions.RemoveEmptyEntries), "Install Flux.");

        Assert.That(result.Status, Is.EqualTo(status));
        Assert.That(result.Message, Does.Contain(said));
        Assert.That(result.Fix, Is.EqualTo(status == CheckStatus.Ok ? "" : "Install Flux."));
    }
}
