using NUnit.Framework;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Files;

namespace ServiceProviderOcm.Tests.Peers.Processes;

[Platform(Exclude = "Win")]
public sealed class PeerBinariesTests
{
    private TestFolder _folder = null!;

    private PeerBinaries Binaries => new(_folder.Root);

    [SetUp]
    public void Make_a_folder() => _folder = new TestFolder();

    [TearDown]
    public void Remove_the_folder() => _folder.Dispose();

    [TestCase(null)]
    [TestCase("")]
    public void Without_a_folder_the_reason_names_the_variable_and_the_programs(string? folder) => Assert.That(
        new PeerBinaries(folder).MissingReason(Peer.SourceController, Peer.Registry),
        Is.EqualTo("PEERS_BIN is not set: source-controller, docker-registry required"));

    [Test]
    public void A_folder_that_does_not_exist_is_named() => Assert.That(
        new PeerBinaries("/no/such/folder").MissingReason(Peer.Registry), Is.EqualTo("PEERS_BIN is /no/such/folder, which is not a folder"));

    [Test]
    public void In_a_partly_filled_folder_only_the_missing_programs_are_named()
    {
        AddProgram(Peer.SourceController);
        _folder.Write(Peer.Registry, "not a program");

        Assert.That(
            Binaries.MissingReason(Peer.SourceController, Peer.HelmController, Peer.Registry),
            Is.EqualTo($"helm-controller missing in PEERS_BIN ({_folder.Root}); docker-registry not executable in PEERS_BIN ({_folder.Root})"));
    }

    [Test]
    public void With_all_programs_there_is_no_reason()
    {
        AddProgram(Peer.SourceController);
        AddProgram(Peer.HelmController);

        Assert.That(Binaries.MissingReason(Peer.SourceController, Peer.HelmController), Is.Null);
    }

    [Test]
    public void A_missing_program_is_not_started() => Assert.That(
        () => PeerProcess.Start(Binaries, Peer.Operator, _folder.Root, new Dictionary<string, string>()),
        Throws.InvalidOperationException.With.Message.Contains("openmcp-operator missing"));

    [Test]
    public async Task A_program_gets_its_arguments_and_variables()
    {
        AddProgram(Peer.HelmController, "echo \"$KUBECONFIG $*\"\n");

        await using var process = PeerProcess.Start(
            Binaries, Peer.HelmController, _folder.Root, new Dictionary<string, string> { ["KUBECONFIG"] = "/a b/config" }, "--events-addr=", "--x=y z");
        await process.EndAsync();

        Assert.That(process.LogTail(), Is.EqualTo("/a b/config --events-addr= --x=y z"));
    }

    [Test]
    public async Task A_program_that_ends_instead_of_getting_ready_is_reported_with_its_log()
    {
        AddProgram(Peer.SourceController, "echo unknown flag: --storage-path >&2\nexit 1\n");
        await using var process = PeerProcess.Start(Binaries, Peer.SourceController, _folder.Root, new Dictionary<string, string>());
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}/") };

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => process.ReadyAsync(http, "readyz"));

        Assert.That(error!.Message, Does.StartWith("source-controller has ended while starting").And.Contain("unknown flag: --storage-path"));
    }

    private void AddProgram(string name, string body = "") => Assert.That(OperatingSystem.IsWindows() ? "" : _folder.Script(name, body), Is.Not.Empty);
}
