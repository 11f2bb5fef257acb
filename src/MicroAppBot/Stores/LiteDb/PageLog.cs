using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MicroAppBot.Stores.LiteDb;

/// <summary>
/// LiteDB's write-ahead log, kept by us because LiteDB 5.0.20 acknowledges a commit before it is on disk and puts no
/// checksum on a page. Here the last page of a transaction returns only when all of it is on disk, each page carries
/// a checksum, and after a power cut the log ends before the first page that is not whole.
/// <para>
/// The file does not shrink: emptying it makes another generation of pages the one that counts (durably, before the
/// first of them is written), and they overwrite the old ones from the start. So a flush seldom has to move the
/// file's end, and pages of an older generation are never taken for newer ones.
/// </para>
/// </summary>
internal sealed class PageLog : Stream
{
    /// <summary>LiteDB's page. Byte 18 of a page is set on the last one of a transaction.</summary>
    private const int PageSize = 8192;
    private const int ConfirmedAt = 18;

    /// <summary>The head of the file: the generation that counts (8 bytes) and its CRC-32C (4).</summary>
    private const int HeadSize = 4096;

    /// <summary>Behind each page: generation (8 bytes), CRC-32C over page, generation and place (4), nothing (4).</summary>
    private const int Stride = PageSize + 16;

    private readonly SafeFileHandle _file;
    private readonly byte[] _record = new byte[Stride];
    private readonly Lock _confirming = new();
    private readonly ManualResetEventSlim _confirmedMore = new();
    private long _length;
    private long _generation = 1;
    private long _confirmed;
    private bool _replaying;
    private bool _closed;
    private Exception? _fault;

    public PageLog(string path)
    {
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            Recover();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Transactions that were written and flushed through this instance.</summary>
    public long Confirmed => Interlocked.Read(ref _confirmed);

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => true;
    public override long Length => Interlocked.Read(ref _length);
    public override long Position { get; set; }

    /// <summary>Waits until so many transactions are on disk.</summary>
    /// <exception cref="IOException">The log could not be written: nothing after the last confirmed transaction counts.</exception>
    public void WaitForConfirmed(long transactions)
    {
        while (true)
        {
            lock (_confirming)
            {
                if (_confirmed >= transactions) return;
                if (_fault is not null) throw new IOException("The store's log could not be written.", _fault);
                _confirmedMore.Reset();
            }
            _confirmedMore.Wait();
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_fault is not null) throw new IOException("The store's log could not be written.", _fault);
        var (page, inside) = Math.DivRem(Position, PageSize);
        var wanted = (int)Math.Min(Math.Min(count, PageSize - inside), Length - Position);
        if (wanted <= 0) return 0;
        var read = RandomAccess.Read(_file, buffer.AsSpan(offset, wanted), PlaceOf(page) + inside);
        Position += read;
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (count != PageSize || Position % PageSize != 0) throw new NotSupportedException("The log takes whole pages.");
        lock (_record) Append(buffer.AsSpan(offset, PageSize));
    }

    private void Append(ReadOnlySpan<byte> pageBytes)
    {
        // What a crash left behind the end belongs to this generation too, so it must be replayed and emptied first
        if (_replaying) throw new InvalidOperationException("The log has to be emptied by a checkpoint before it is written to.");
        // LiteDB's writer would close the engine from inside its own queue on an exception; the commit that waits gets it instead
        if (_fault is not null || _closed) return;
        try
        {
            pageBytes.CopyTo(_record);
            Seal(Position / PageSize);
            RandomAccess.Write(_file, _record, PlaceOf(Position / PageSize));
            Position += PageSize;
            Interlocked.Exchange(ref _length, Math.Max(_length, Position));
            if (pageBytes[ConfirmedAt] == 0) return;
            RandomAccess.FlushToDisk(_file);
            lock (_confirming)
            {
                _confirmed++;
                _confirmedMore.Set();
            }
        }
        catch (Exception e)
        {
            lock (_confirming)
            {
                _fault = e;
                _confirmedMore.Set();
            }
        }
    }

    /// <summary>
    /// LiteDB calls this whenever its writer has caught up, several times within a transaction; what counts is that the
    /// last page of a transaction takes all of it to the disk, and it does.
    /// </summary>
    public override void Flush() { }

    public override void SetLength(long value)
    {
        if (value != 0) throw new NotSupportedException("The log is emptied whole.");
        // A log that once had to take a very large transaction gives its space back
        if (RandomAccess.GetLength(_file) > 64L * 1024 * 1024) RandomAccess.SetLength(_file, HeadSize);
        Begin(_generation + 1);
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // An engine that was given up may still have pages to write: they must not land in what is opened next
            lock (_record)
            {
                _closed = true;
                _file.Dispose();
            }
            _confirmedMore.Dispose();
        }
        base.Dispose(disposing);
    }

    private static long PlaceOf(long page) => HeadSize + page * Stride;

    /// <summary>Makes this the generation that counts; its pages may be written when this returns.</summary>
    private void Begin(long generation)
    {
        var head = new byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(head, generation);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(8), BitOperations.Crc32C(uint.MaxValue, (ulong)generation));
        RandomAccess.Write(_file, head, 0);
        RandomAccess.FlushToDisk(_file);
        _generation = generation;
        _replaying = false;
        Interlocked.Exchange(ref _length, 0);
    }

    /// <summary>Finds the end: the last confirmed one among the whole pages, from the start on, of the generation that counts.</summary>
    private void Recover()
    {
        if (RandomAccess.GetLength(_file) == 0)
        {
            Begin(1);
            return;
        }
        var head = new byte[12];
        var isWhole = RandomAccess.Read(_file, head, 0) == head.Length;
        _generation = BinaryPrimitives.ReadInt64LittleEndian(head);
        if (!isWhole || BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(8)) != BitOperations.Crc32C(uint.MaxValue, (ulong)_generation))
        {
            throw new InvalidDataException("The head of the store's log is not readable.");
        }
        var pages = (RandomAccess.GetLength(_file) - HeadSize) / Stride;
        for (var page = 0L; page < pages; page++)
        {
            if (RandomAccess.Read(_file, _record, PlaceOf(page)) < Stride) break;
            if (BinaryPrimitives.ReadInt64LittleEndian(_record.AsSpan(PageSize)) != _generation) break;
            if (BinaryPrimitives.ReadUInt32LittleEndian(_record.AsSpan(PageSize + 8)) != Checksum(page)) break;
            if (_record[ConfirmedAt] != 0) _length = (page + 1) * PageSize;
        }
        _replaying = _length > 0;
        if (!_replaying) Begin(_generation + 1);
    }

    private void Seal(long page)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_record.AsSpan(PageSize), _generation);
        BinaryPrimitives.WriteUInt32LittleEndian(_record.AsSpan(PageSize + 8), Checksum(page));
    }

    private uint Checksum(long page)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (ulong)page);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(_record.AsSpan(0, PageSize + 8))) crc = BitOperations.Crc32C(crc, word);
        return crc;
    }
}
