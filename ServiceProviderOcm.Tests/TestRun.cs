using NUnit.Framework;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests;

[SetUpFixture]
public sealed class TestRun
{
    [OneTimeTearDown]
    public Task Stop_the_servers() => TestClusters.StopAsync();
}
