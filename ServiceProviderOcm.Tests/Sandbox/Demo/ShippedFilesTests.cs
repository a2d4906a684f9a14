using NUnit.Framework;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Sandbox.Demo;

/// <summary>The sandbox is no part of the product.</summary>
public sealed class ShippedFilesTests
{
    [TestCase("Sandbox")]
    [TestCase("Spectre")]
    public void The_Worker_and_its_image_contain_nothing_of_the_sandbox(string name)
    {
        var dependencies = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "ServiceProviderOcm.Worker.deps.json"));

        Assert.That(dependencies, Does.Contain("ServiceProviderOcm.Core").And.Not.Contain(name));
        foreach (var file in (string[])["Dockerfile", ".dockerignore"])
        {
            Assert.That(File.ReadAllText(Path.Combine(RepositoryRoot.Find(), file)), Does.Not.Contain(name), file);
        }
    }
}
