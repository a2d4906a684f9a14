using NUnit.Framework;

namespace ServiceProviderOcm.Tests;

public sealed class SmokeTests
{
    [Test]
    public void Kinds_name_themselves() => Assert.That(Core.Objects.Kinds.HelmRelease.ToString(), Is.EqualTo("HelmRelease (helm.toolkit.fluxcd.io/v2)"));
}
