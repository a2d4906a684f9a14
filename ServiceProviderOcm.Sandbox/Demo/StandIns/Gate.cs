namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>Pauses and resumes work. Open at first.</summary>
public sealed class Gate(Action opened)
{
    private volatile bool _isClosed;

    /// <summary>Whether work continues.</summary>
    public bool IsOpen => !_isClosed;

    /// <summary>Pauses work that has not begun.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Resumes work.</summary>
    public void Open()
    {
        _isClosed = false;
        opened();
    }
}
